import { Page } from "@/ui";

export function AddDomainPage() {
  return <Page title="AddDomainPage">…</Page>;
}
