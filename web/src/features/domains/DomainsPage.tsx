import { Page } from "@/ui";

export function DomainsPage() {
  return <Page title="DomainsPage">…</Page>;
}
