import { Page } from "@/ui";

export function PeoplePage() {
  return <Page title="PeoplePage">…</Page>;
}
