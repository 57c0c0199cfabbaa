/** The check of rows, and the job that makes mailboxes of them. */
import { queryOptions } from "@tanstack/react-query";
import { answered, api, type Schema } from "@/api/client";
import type { ImportRow } from "./parse";

export interface Rows {
  rows: ImportRow[];
  /** For rows that name none; empty for none. */
  domain: string;
}

export function checkRows({ rows, domain }: Rows) {
  return answered(api.POST("/api/email-accounts/import/preview", { body: { rows, default_domain: domain || null } }));
}

/** `once`: the key under which the same rows are taken only once, however often they are sent. */
export function startImport({ rows, domain }: Rows, generate: boolean, once: { "Idempotency-Key": string }) {
  const body: Schema<"ImportIn"> = { rows, default_domain: domain || null, generate_passwords: generate };
  return answered(api.POST("/api/email-accounts/import", { headers: once, body }));
}

/** Imports that are being worked on, also those that wait for budget. */
export const runningQuery = queryOptions({
  queryKey: ["jobs", "imports"],
  queryFn: ({ signal }) =>
    answered(
      api.GET("/api/jobs", { params: { query: { kind: "mailbox.import", state: "running", limit: 20 } }, signal }),
    ),
});
