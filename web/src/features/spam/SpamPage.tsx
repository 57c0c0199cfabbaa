import { Page } from "@/ui";

export function SpamPage() {
  return <Page title="SpamPage">…</Page>;
}
