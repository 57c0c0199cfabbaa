import { Page } from "@/ui";

export function AuditLogPage() {
  return <Page title="AuditLogPage">…</Page>;
}
