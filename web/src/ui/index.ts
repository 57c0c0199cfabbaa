/** What views are built from. */
export { CopyButton, CopyIcon, CopyValue } from "./Copy";
export { ConfirmDialog, SidePanel } from "./dialogs";
export { EmptyState, Forbidden } from "./EmptyState";
export { ErrorNotice } from "./ErrorNotice";
export { IconAction } from "./IconAction";
export { Page } from "./Page";
export { Loading, QueryView, SkeletonLines } from "./QueryView";
export { RouteTabs } from "./RouteTabs";
export { StatusBadge } from "./StatusBadge";
export { Ago, Freshness } from "./Time";
export type { Column } from "./table/columns";
export { DataTable } from "./table/DataTable";
export { GrowingTable } from "./table/GrowingTable";
export { toast } from "./toast";
export { useSave } from "./useSave";
