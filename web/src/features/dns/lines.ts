/** Records as one line of text. */
import type { DnsRecord } from "./queries";

export function lineOf(record: DnsRecord, proxied: string): string {
  const priority = typeof record.priority === "number" ? `${record.priority} ` : "";
  return `${priority}${record.content}${record.proxied ? ` (${proxied})` : ""}`;
}
