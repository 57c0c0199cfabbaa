import { Page } from "@/ui";

export function ImportPage() {
  return <Page title="ImportPage">…</Page>;
}
