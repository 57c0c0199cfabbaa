/** Storage and sending as MXroute counts them. */
import { queryOptions } from "@tanstack/react-query";
import { answered, api, type Schema } from "@/api/client";

export type Quota = Schema<"Quota">;
export type MailboxSize = Schema<"EmailUsage">;
export type Sending = Schema<"DomainQuota">;

export const quotaQuery = queryOptions({
  queryKey: ["quota", "account"],
  queryFn: ({ signal }) => answered(api.GET("/api/quota", { signal })),
  staleTime: 60_000,
});

/** Every mailbox of the account by size, an hour old at most. */
export const sizesQuery = queryOptions({
  queryKey: ["quota", "mailboxes"],
  queryFn: ({ signal }) => answered(api.GET("/api/quota/email", { signal })),
  staleTime: 60_000,
});

export const sendingQuery = (domain: string) =>
  queryOptions({
    queryKey: ["quota", "domain", domain],
    queryFn: ({ signal }) => answered(api.GET("/api/domains/{domain}/quota", { params: { path: { domain } }, signal })),
  });
