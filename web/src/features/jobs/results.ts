/** What jobs of each kind leave as their results, read with care: the API calls them an open object. */

export interface ImportedRow {
  line: number;
  email: string;
  state: string;
  message: string;
}

export const ROW_STATES = [
  "created",
  "already_exists",
  "created_unconfirmed",
  "failed",
  "cancelled",
  "unknown",
] as const;
export type RowState = (typeof ROW_STATES)[number];

export interface RepairedDomain {
  domain: string;
  success: boolean;
  fixed: string[];
  skipped: string[];
  conflicts: string[];
  message: string;
}

type Open = Record<string, unknown>;

const isOpen = (value: unknown): value is Open => typeof value === "object" && value !== null && !Array.isArray(value);
const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const word = (value: unknown): string => (typeof value === "string" ? value : "");

/** The domain that a set-up is about; empty until the work has begun. */
export function domainOf({ results }: { results?: Open | null }): string {
  return word(results?.domain);
}

export function importedRows(results: Open | null): ImportedRow[] {
  return listOf(results?.rows)
    .filter(isOpen)
    .map((row) => ({
      line: Number(row.line) || 0,
      email: word(row.email),
      state: word(row.state),
      message: word(row.message) || word(row.error),
    }));
}

export function importSummary(results: Open | null): Record<string, number> {
  const summary = isOpen(results?.summary) ? results.summary : {};
  return Object.fromEntries(
    Object.entries(summary).filter((entry): entry is [string, number] => typeof entry[1] === "number"),
  );
}

export function repairedDomains(results: Open | null): RepairedDomain[] {
  const byDomain = isOpen(results?.results) ? results.results : {};
  return Object.entries(byDomain).map(([domain, value]) => {
    const found = isOpen(value) ? value : {};
    return {
      domain,
      success: found.success === true,
      fixed: listOf(found.fixed).map(word),
      skipped: listOf(found.skipped).map(word),
      conflicts: listOf(found.conflicts).map((each) => (isOpen(each) ? word(each.key) : word(each))),
      message: word(found.error),
    };
  });
}
