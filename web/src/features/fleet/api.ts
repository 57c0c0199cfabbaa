/** What other rooms may use. */
export { CloudflareHint } from "./CloudflareHint";
export { FailingChecks } from "./FailingChecks";
export { FleetTable } from "./FleetTable";
export { FollowedJob } from "./FollowedJob";
export { cloudflareQuery, type FleetRow, fleetQuery } from "./queries";
export { RefreshButton, RefreshState } from "./Refresh";
export { failing, isUnread, standing } from "./standing";
export { useRefresh } from "./useRefresh";
