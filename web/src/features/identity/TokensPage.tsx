import { Page } from "@/ui";

export function TokensPage() {
  return <Page title="TokensPage">…</Page>;
}
