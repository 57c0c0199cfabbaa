import { Page } from "@/ui";

export function HostingPage() {
  return <Page title="HostingPage">…</Page>;
}
