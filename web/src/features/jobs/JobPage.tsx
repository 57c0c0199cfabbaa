import { Page } from "@/ui";

export function JobPage() {
  return <Page title="JobPage">…</Page>;
}
