import { Page } from "@/ui";

export function AccessLayout() {
  return <Page title="AccessLayout">…</Page>;
}
