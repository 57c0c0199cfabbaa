import { Page } from "@/ui";

export function PointersPage() {
  return <Page title="PointersPage">…</Page>;
}
