/** What a mail program needs to know, as the API has it. */
import { queryOptions } from "@tanstack/react-query";
import { answered, api, type Schema } from "@/api/client";

export type ClientSettings = Schema<"ClientSettings">;
export type ServerSettings = Schema<"ServerSettings">;

export const clientSettingsQuery = (domain: string, username: string) =>
  queryOptions({
    queryKey: ["client-settings", domain, username],
    queryFn: ({ signal }) => {
      const params = { path: { domain }, query: { username } };
      return answered(api.GET("/api/domains/{domain}/mail-client-settings", { params, signal }));
    },
    staleTime: 60_000,
  });

/** Files that set a mail program up by themselves: Apple's for one mailbox, Thunderbird's for all of the domain. */
export function fileAddresses(domain: string, username: string): { apple: string; thunderbird: string } {
  const place = `/api/domains/${encodeURIComponent(domain)}/mail-client-settings`;
  return {
    apple: `${place}/apple.mobileconfig?${new URLSearchParams({ username })}`,
    thunderbird: `${place}/autoconfig.xml`,
  };
}
