/** A domain's mail DNS as the API has it. */
import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { type Answer, answered, api, onceOnly, type Schema } from "@/api/client";

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

export function applyFix(domain: string, { records, replace }: Selection) {
  const body = { records, replace, dry_run: false };
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

/** `change`: the id of one change, or of a whole repair. */
export function revert(domain: string, change: string) {
  const headers = onceOnly();
  return answered(
    api.POST("/api/domains/{domain}/dns/changes/{change}/revert", {
      params: { path: { domain, change } },
      headers,
    }),
  );
}

export const dmarcPolicyQuery = (domain: string) =>
  queryOptions({
    queryKey: ["dns", domain, "dmarc-policy"],
    queryFn: ({ signal }) => answered(api.GET("/api/domains/{domain}/dmarc-policy", { params: path(domain), signal })),
  });

/** Null: the installation's default. */
export function changeDmarcPolicy(domain: string, dmarc_record: string | null) {
  return answered(api.PATCH("/api/domains/{domain}/dmarc-policy", { params: path(domain), body: { dmarc_record } }));
}
