/** What will become of a checked row. */
import type { Schema } from "@/api/client";

export type CheckedRow = Schema<"PreviewRow">;

export const VERDICTS = ["create", "generate", "exists", "duplicate", "password", "wrong", "forbidden"] as const;
export type Verdict = (typeof VERDICTS)[number];

interface Circumstances {
  /** Are passwords made for rows that have none? */
  generate: boolean;
  mayManage: (domain: string) => boolean;
}

export function verdict(row: CheckedRow, { generate, mayManage }: Circumstances): Verdict {
  if (row.domain && !mayManage(row.domain)) return "forbidden";
  if (row.errors.length > 0) return "wrong";
  if (row.duplicate_in_csv) return "duplicate";
  if (row.already_exists) return "exists";
  if (row.needs_password) return generate ? "generate" : "password";
  return "create";
}

export function isCreated(found: Verdict): boolean {
  return found === "create" || found === "generate";
}

/** How many rows end how; those with a generated password are created, too. */
export function counts(verdicts: readonly Verdict[]): Record<Verdict, number> {
  const count = (wanted: Verdict) => verdicts.filter((each) => each === wanted).length;
  const generate = count("generate");
  return {
    create: count("create") + generate,
    generate,
    exists: count("exists"),
    duplicate: count("duplicate"),
    password: count("password"),
    wrong: count("wrong"),
    forbidden: count("forbidden"),
  };
}
