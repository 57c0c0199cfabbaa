/** Forwarders and the catch-all as the API has them. */
import { queryOptions } from "@tanstack/react-query";
import { answered, api, onceOnly, type Schema } from "@/api/client";

export type Forwarder = Schema<"ForwarderOut">;
export type CatchAll = Schema<"CatchAllOut">;

export const forwardersQuery = (domain: string) =>
  queryOptions({
    queryKey: ["forwarders", domain],
    queryFn: ({ signal }) =>
      answered(api.GET("/api/domains/{domain}/forwarders", { params: { path: { domain } }, signal })),
  });

export const catchAllQuery = (domain: string) =>
  queryOptions({
    queryKey: ["catch-all", domain],
    queryFn: ({ signal }) =>
      answered(api.GET("/api/domains/{domain}/catch-all", { params: { path: { domain } }, signal })),
  });

export function createForwarder(domain: string, body: Schema<"ForwarderIn">) {
  const headers = onceOnly();
  return answered(api.POST("/api/domains/{domain}/forwarders", { params: { path: { domain } }, headers, body }));
}

export function deleteForwarder(domain: string, alias: string) {
  return answered(api.DELETE("/api/domains/{domain}/forwarders/{alias}", { params: { path: { domain, alias } } }));
}

export function changeCatchAll(domain: string, body: Schema<"CatchAllIn">) {
  return answered(api.PATCH("/api/domains/{domain}/catch-all", { params: { path: { domain } }, body }));
}
