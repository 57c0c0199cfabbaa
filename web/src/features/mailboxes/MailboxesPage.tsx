import { Page } from "@/ui";

export function MailboxesPage() {
  return <Page title="MailboxesPage">…</Page>;
}
