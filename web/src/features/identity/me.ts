/** Who is signed in, and what they may do. The server decides all the same; this only hides what it would refuse. */
import { queryOptions, useSuspenseQuery } from "@tanstack/react-query";
import { type Answer, answered, api, type Permission, type Schema } from "@/api/client";

export type Me = Schema<"Me">;

export const meQuery = queryOptions({
  queryKey: ["me"],
  queryFn: async ({ signal }) => ownersOnly(await answered(api.GET("/api/me", { signal }))),
  staleTime: 60_000,
});

let owner: string | null = null;

/**
 * A page belongs to the one it was opened for: what they typed, and what waits to be sent, is nobody else's. When
 * somebody else has signed in in this browser it begins anew.
 */
function ownersOnly(found: Answer<Me>): Answer<Me> | Promise<never> {
  owner ??= found.data.email;
  if (found.data.email === owner) return found;
  window.location.reload();
  return new Promise(() => undefined);
}

export function useMe(): Me {
  return useSuspenseQuery(meQuery).data.data;
}

/** Has the person one of these rights on the domain? Administrators have all. */
export function may(me: Me, domain: string, ...any: Permission[]): boolean {
  if (me.is_admin) return true;
  const held = Object.hasOwn(me.domain_grants, domain) ? (me.domain_grants[domain] ?? []) : [];
  return any.some((permission) => held.includes(permission));
}

/** Has the person one of these rights anywhere? */
export function mayAnywhere(me: Me, ...any: Permission[]): boolean {
  return me.is_admin || Object.keys(me.domain_grants).some((domain) => may(me, domain, ...any));
}
