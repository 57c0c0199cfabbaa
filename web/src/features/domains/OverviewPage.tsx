import { Page } from "@/ui";

export function OverviewPage() {
  return <Page title="OverviewPage">…</Page>;
}
