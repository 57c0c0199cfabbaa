/** Permissions by domain, as the matrix edits them and as the API lists them. */
import type { Permission, Schema } from "@/api/client";

/** What is granted on each domain; a domain without any is left out. */
export type Grants = Readonly<Record<string, readonly Permission[]>>;

export const PERMISSIONS: readonly Permission[] = ["dashboard", "emails", "forwarders", "spam", "dns"];

export function fromList(list: ReadonlyArray<Schema<"GrantOut">>): Grants {
  return Object.fromEntries(list.map(({ domain, permissions }) => [domain, permissions]));
}

export function toList(grants: Grants): Schema<"GrantIn">[] {
  return Object.entries(grants)
    .map(([domain, permissions]) => ({ domain, permissions: PERMISSIONS.filter((each) => permissions.includes(each)) }))
    .toSorted((a, b) => a.domain.localeCompare(b.domain));
}

export function has(grants: Grants, domain: string, permission: Permission): boolean {
  return grants[domain]?.includes(permission) ?? false;
}

/** The grants with these permissions on these domains given or taken away, everything else as it was. */
export function changed(
  grants: Grants,
  domains: readonly string[],
  permissions: readonly Permission[],
  given: boolean,
): Grants {
  const next: Record<string, readonly Permission[]> = { ...grants };
  for (const domain of domains) {
    const held = new Set(next[domain] ?? []);
    for (const permission of permissions) {
      if (given) held.add(permission);
      else held.delete(permission);
    }
    if (held.size > 0) next[domain] = PERMISSIONS.filter((each) => held.has(each));
    else delete next[domain];
  }
  return next;
}

export function count(grants: Grants): { domains: number; permissions: number } {
  const lists = Object.values(grants);
  return { domains: lists.length, permissions: lists.reduce((sum, each) => sum + each.length, 0) };
}
