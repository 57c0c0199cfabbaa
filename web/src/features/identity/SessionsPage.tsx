import { Page } from "@/ui";

export function SessionsPage() {
  return <Page title="SessionsPage">…</Page>;
}
