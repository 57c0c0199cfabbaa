import { Page } from "@/ui";

export function DomainLayout() {
  return <Page title="DomainLayout">…</Page>;
}
