import { Page } from "@/ui";

export function DmarcPage() {
  return <Page title="DmarcPage">…</Page>;
}
