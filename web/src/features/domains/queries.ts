/** Domains as the API has them. */
import { queryOptions } from "@tanstack/react-query";
import { answered, api } from "@/api/client";

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
