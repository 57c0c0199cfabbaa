/** Mailboxes as the API has them. */
import { type QueryClient, queryOptions } from "@tanstack/react-query";
import { answered, api, onceOnly, type Schema } from "@/api/client";

export type Mailbox = Schema<"MailboxOut">;

export const mailboxesQuery = (domain: string) =>
  queryOptions({
    queryKey: ["mailboxes", domain],
    queryFn: ({ signal }) =>
      answered(api.GET("/api/domains/{domain}/email-accounts", { params: { path: { domain } }, signal })),
  });

export function createMailbox(domain: string, body: Schema<"MailboxIn">) {
  const headers = onceOnly();
  return answered(api.POST("/api/domains/{domain}/email-accounts", { params: { path: { domain } }, headers, body }));
}

export function changeMailbox(domain: string, user: string, body: Schema<"MailboxChange">) {
  return answered(
    api.PATCH("/api/domains/{domain}/email-accounts/{user}", { params: { path: { domain, user } }, body }),
  );
}

export function setRecovery(domain: string, user: string, recovery_email: string | null) {
  const params = { path: { domain, user } };
  return answered(
    api.PATCH("/api/domains/{domain}/email-accounts/{user}/recovery", { params, body: { recovery_email } }),
  );
}

export function deleteMailbox(domain: string, user: string) {
  return answered(api.DELETE("/api/domains/{domain}/email-accounts/{user}", { params: { path: { domain, user } } }));
}

/** What shows mailboxes, their number or their storage. */
export async function mailboxesChanged(queries: QueryClient): Promise<void> {
  await Promise.all(["mailboxes", "quota", "fleet"].map((first) => queries.invalidateQueries({ queryKey: [first] })));
}

/** The address of a file with all mailboxes of a domain. */
export function exportAddress(domain: string): string {
  return `/api/domains/${encodeURIComponent(domain)}/email-accounts.csv`;
}
