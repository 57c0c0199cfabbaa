import { Page } from "@/ui";

export function DashboardPage() {
  return <Page title="DashboardPage">…</Page>;
}
