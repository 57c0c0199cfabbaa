import { Page } from "@/ui";

export function HealthPage() {
  return <Page title="HealthPage">…</Page>;
}
