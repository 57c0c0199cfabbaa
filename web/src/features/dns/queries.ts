/** A domain's mail DNS as the API has it. */
import { infiniteQueryOptions, keepPreviousData, type QueryClient, queryOptions } from "@tanstack/react-query";
import { type Answer, answered, api, onceOnly, type Schema } from "@/api/client";
import { ApiError } from "@/api/errors";

export type Key = Schema<"Key">;
export type Replaceable = Schema<"Replaceable">;
export type Check = Schema<"Check">;
export type Zone = Schema<"ZoneOut">;
export type Plan = Schema<"PlanOut">;
export type Change = Schema<"Change">;
export type Conflict = Schema<"ConflictOut">;
export type Fixed = Schema<"FixOut">;
export type PastChange = Schema<"ChangeOut">;
export type Expected = Schema<"ExpectedDns">;
export type DnsRecord = Schema<"RecordOut">;
export type DmarcPolicy = Schema<"DmarcPolicyOut">;

/** The live health; `zone` only for those who may repair: null when there is none, or when that is not known. */
export type Health = Schema<"mxm__features__dns__schemas__Health"> & { zone?: Zone | null; zone_known?: boolean };

export const KEYS: readonly Key[] = ["mx", "spf", "dkim", "dmarc", "verification", "mail", "webmail"];

const path = (domain: string) => ({ path: { domain } });

/** Looked up live each time, so it stays as it is until somebody asks again. */
export const healthQuery = (domain: string, withZone: boolean) =>
  queryOptions({
    queryKey: ["dns", domain, "health", { withZone }],
    queryFn: async ({ signal, client }): Promise<Answer<Health>> => {
      const found = await (withZone
        ? answered(api.GET("/api/domains/{domain}/dns/setup-health", { params: path(domain), signal }))
        : answered(api.GET("/api/domains/{domain}/dns/health", { params: path(domain), signal })));
      // The manager keeps it in its overview of all domains.
      void client.invalidateQueries({ queryKey: ["fleet"] });
      return found;
    },
    staleTime: 30_000,
  });

/** What should be published, with whole names. */
export const expectedQuery = (domain: string) =>
  queryOptions({
    queryKey: ["dns", domain, "expected"],
    queryFn: ({ signal }) => answered(api.GET("/api/domains/{domain}/dns", { params: path(domain), signal })),
    staleTime: 60_000,
  });

export interface Selection {
  records: Key[];
  replace: Replaceable[];
}

/** What a repair of these records would do to the zone; changes nothing. */
export const planQuery = (domain: string, { records, replace }: Selection) =>
  queryOptions({
    queryKey: ["dns", domain, "plan", { records, replace }],
    queryFn: ({ signal }) =>
      answered(
        api.GET("/api/domains/{domain}/dns/plan", { params: { ...path(domain), query: { records, replace } }, signal }),
      ),
    staleTime: 0,
    // What is chosen changes by a tick at a time: the rest need not vanish meanwhile.
    placeholderData: keepPreviousData,
  });

/** `fingerprint`: of the plan that was read. Another one is refused, see `isOutdated`. */
export function applyFix(domain: string, { records, replace }: Selection, fingerprint: string) {
  const body = { records, replace, dry_run: false, fingerprint };
  return answered(api.POST("/api/domains/{domain}/dns/fix", { params: path(domain), body }));
}

const PAGE = 50;

export const changesQuery = (domain: string) =>
  infiniteQueryOptions({
    queryKey: ["dns", domain, "changes"],
    queryFn: ({ signal, pageParam }) => {
      const query = { limit: PAGE, cursor: pageParam ?? undefined };
      return answered(api.GET("/api/domains/{domain}/dns/changes", { params: { ...path(domain), query }, signal }));
    },
    initialPageParam: null as number | null,
    getNextPageParam: (last) => (last.meta?.next_cursor ? Number(last.meta.next_cursor) : undefined),
  });

/** What undoing would do: `change` is the id of one change, or of a whole repair. Fails where it is refused. */
export const undoQuery = (domain: string, change: string) =>
  queryOptions({
    queryKey: ["dns", domain, "undo", change],
    queryFn: ({ signal }) =>
      answered(
        api.GET("/api/domains/{domain}/dns/changes/{change}/plan", { params: { path: { domain, change } }, signal }),
      ),
    staleTime: 0,
  });

export function revert(domain: string, change: string, fingerprint: string) {
  return answered(
    api.POST("/api/domains/{domain}/dns/changes/{change}/revert", {
      params: { path: { domain, change } },
      body: { fingerprint },
      headers: onceOnly(),
    }),
  );
}

/** Public DNS shows a change a little later. */
const SEEN_MS = 5000;

/** Looks once more after a change, wherever people have gone by then: also the overview is told of it. */
export function healthLater(queries: QueryClient, domain: string): void {
  setTimeout(() => void queries.prefetchQuery({ ...healthQuery(domain, true), staleTime: 0 }), SEEN_MS);
}

/** Whether a write was refused because what was read before does not hold any more. */
export const isOutdated = (error: Error | null): boolean =>
  error instanceof ApiError && error.code === "conflict" && "fingerprint" in error.fields;

export const dmarcPolicyQuery = (domain: string) =>
  queryOptions({
    queryKey: ["dns", domain, "dmarc-policy"],
    queryFn: ({ signal }) => answered(api.GET("/api/domains/{domain}/dmarc-policy", { params: path(domain), signal })),
  });

/** Null: the installation's default. */
export function changeDmarcPolicy(domain: string, dmarc_record: string | null, fingerprint: string) {
  const body = { dmarc_record, fingerprint };
  return answered(api.PATCH("/api/domains/{domain}/dmarc-policy", { params: path(domain), body }));
}
