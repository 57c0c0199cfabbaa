/** What a repair is about: the checks and replacements that the address names. */
import { type Health, KEYS, type Key, type Replaceable, type Selection } from "./queries";

export const REPLACEABLE: readonly Replaceable[] = ["mx", "dkim", "mail", "webmail"];

/** The checks that a repair can do something about; webmail is a matter of choice. */
export function mendable(health: Health): Key[] {
  return KEYS.filter((key) => key !== "webmail" && ["warn", "fail"].includes(health.checks[key].status));
}

/** The checks of which nothing is known: no repair follows from them, and it does not follow that none is needed. */
export function unknown(health: Health): Key[] {
  return KEYS.filter((key) => health.checks[key].status === "unknown");
}

/**
 * What a calm summary must not cover: the checks that could not be made, and the names whose certificate could not be
 * looked at. That MXroute asks for no verification, and webmail that is not set up, leave nothing open.
 */
export function unchecked(health: Health): { checks: Key[]; certificates: string[] } {
  const open = (key: Key) => {
    const { status } = health.checks[key];
    return status === "unknown" || (status === "skipped" && key !== "webmail" && key !== "verification");
  };
  return {
    checks: KEYS.filter(open),
    certificates: (["mail", "webmail"] as const)
      .filter((key) => health.checks[key].certificate === "unreachable")
      .map((key) => `${key}.${health.domain}`),
  };
}

/** Null while it is not known what the address leaves open, or when nothing is left to do. */
export function selectionOf(
  search: { records?: string[]; replace?: string[] },
  health: Health | undefined,
): Selection | null {
  const named = KEYS.filter((key) => search.records?.includes(key));
  const records = named.length > 0 ? named : health ? mendable(health) : [];
  if (records.length === 0) return null;
  // Replacing is about a record that is chosen, too: the tick for it goes away with that.
  const replace = REPLACEABLE.filter((each) => search.replace?.includes(each) && records.includes(each));
  return { records, replace };
}
