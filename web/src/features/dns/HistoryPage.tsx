import { Page } from "@/ui";

export function HistoryPage() {
  return <Page title="HistoryPage">…</Page>;
}
