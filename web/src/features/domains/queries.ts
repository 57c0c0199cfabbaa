/** Domains as the API has them. */
import { queryOptions } from "@tanstack/react-query";
import { answered, api, onceOnly, type Schema } from "@/api/client";

export type Domain = Schema<"DomainOut">;
export type Pointer = Schema<"PointerOut">;

/** The names that the caller may see, sorted. */
export const domainsQuery = queryOptions({
  queryKey: ["domains"],
  queryFn: ({ signal }) => answered(api.GET("/api/domains", { signal })),
});

/** One domain: mail hosting, certificate, pointers' names. */
export const domainQuery = (domain: string) =>
  queryOptions({
    queryKey: ["domains", domain],
    queryFn: ({ signal }) => answered(api.GET("/api/domains/{domain}", { params: { path: { domain } }, signal })),
  });

/** Names whose mail goes to the domain. */
export const pointersQuery = (domain: string) =>
  queryOptions({
    queryKey: ["domains", domain, "pointers"],
    queryFn: ({ signal }) =>
      answered(api.GET("/api/domains/{domain}/pointers", { params: { path: { domain } }, signal })),
  });

/** For its number of rows only; the forwarders' own room has the rest. */
export const forwarderCountQuery = (domain: string) =>
  queryOptions({
    queryKey: ["forwarders", domain],
    queryFn: ({ signal }) =>
      answered(api.GET("/api/domains/{domain}/forwarders", { params: { path: { domain } }, signal })),
  });

/** For the address of webmail only. */
export const clientSettingsQuery = (domain: string) =>
  queryOptions({
    queryKey: ["domains", domain, "client-settings"],
    queryFn: ({ signal }) =>
      answered(api.GET("/api/domains/{domain}/mail-client-settings", { params: { path: { domain } }, signal })),
    staleTime: 60_000,
  });

export function switchHosting(domain: string, enabled: boolean) {
  return answered(api.PATCH("/api/domains/{domain}/mail-status", { params: { path: { domain } }, body: { enabled } }));
}

export function deleteDomain(domain: string) {
  return answered(api.DELETE("/api/domains/{domain}", { params: { path: { domain }, query: { confirm: domain } } }));
}

export function createPointer(domain: string, body: Schema<"PointerIn">) {
  const headers = onceOnly();
  return answered(api.POST("/api/domains/{domain}/pointers", { params: { path: { domain } }, headers, body }));
}

export function deletePointer(domain: string, pointer: string) {
  return answered(api.DELETE("/api/domains/{domain}/pointers/{pointer}", { params: { path: { domain, pointer } } }));
}

/** Repairs every domain with a check that a repair can mend; always as a job. */
export async function repairAll(): Promise<Schema<"JobOut">> {
  const headers = onceOnly();
  const body = { only_unhealthy: true, wait: false };
  const { data } = await answered(api.POST("/api/cloudflare/dns/fix-bulk", { headers, body }));
  if (!("kind" in data)) throw new Error("The manager answered without a job.");
  return data;
}
