import { Page } from "@/ui";

export function JobsPage() {
  return <Page title="JobsPage">…</Page>;
}
