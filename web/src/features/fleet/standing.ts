/** How a domain of the fleet stands, in one word, and what of it fails. */
import type { FleetRow } from "./queries";

/** From what needs people most to what needs nothing. `unread`: the last try to read it failed; `fresh`: none yet. */
export const STANDINGS = ["unhealthy", "unread", "degraded", "pending", "off", "fresh", "healthy"] as const;
export type Standing = (typeof STANDINGS)[number];

export const CHECKS = ["mx", "spf", "dkim", "dmarc", "verification", "mail"] as const;
export type CheckKey = (typeof CHECKS)[number];

export interface FailingCheck {
  key: CheckKey;
  status: "warn" | "fail" | "unknown";
}

/** Null: the person may not see how its DNS stands. */
export function standing(row: FleetRow): Standing | null {
  if (row.mail_hosting === false) return "off";
  if (row.dns) return row.dns.overall === "skipped" ? "off" : row.dns.overall;
  if (row.checked_at !== null) return null;
  return row.error ? "unread" : "fresh";
}

/** The checks that count and are not well, in their usual order. Webmail is a matter of choice. */
export function failing(row: FleetRow): FailingCheck[] {
  return CHECKS.flatMap((key) => {
    const status = row.dns?.checks[key]?.status;
    return status === "warn" || status === "fail" || status === "unknown" ? [{ key, status }] : [];
  });
}

/** Whether the last try to read it failed: what is shown is from before, if there is anything. */
export function isUnread(row: FleetRow): boolean {
  return Boolean(row.error);
}

export function matches(row: FleetRow, state: string): boolean {
  if (state === "") return true;
  return state === "unread" ? isUnread(row) : standing(row) === state;
}

/** A word that sorts by how much a domain needs people; letters, so that searching for a number does not find it. */
export function rank(row: FleetRow): string | null {
  const found = standing(row);
  return found && "abcdefg".charAt(STANDINGS.indexOf(found));
}

/** How many domains are in each state; one that could not be read counts there as well. */
export function tally(rows: readonly FleetRow[]): Map<Standing, number> {
  return new Map(STANDINGS.map((each) => [each, rows.filter((row) => matches(row, each)).length]));
}

/** The domains that people should look at, the worst first. */
export function needy(rows: readonly FleetRow[]): FleetRow[] {
  const urgent = rows.filter((row) => isUnread(row) || ["unhealthy", "degraded"].includes(standing(row) ?? ""));
  const fails = (row: FleetRow) => failing(row).filter(({ status }) => status === "fail").length;
  return urgent.toSorted(
    (a, b) => (rank(a) ?? "z").localeCompare(rank(b) ?? "z") || fails(b) - fails(a) || a.domain.localeCompare(b.domain),
  );
}
