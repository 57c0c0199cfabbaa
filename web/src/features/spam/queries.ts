/** Spam settings and sender lists as the API has them. */
import { queryOptions } from "@tanstack/react-query";
import { type Answer, answered, api, type Schema } from "@/api/client";

export type SenderList = "whitelist" | "blacklist";

export const spamSettingsQuery = (domain: string) =>
  queryOptions({
    queryKey: ["spam", "settings", domain],
    queryFn: ({ signal }) =>
      answered(api.GET("/api/domains/{domain}/spam/settings", { params: { path: { domain } }, signal })),
  });

/** The lists are the account's: whichever domain is asked, the same comes. */
export const sendersQuery = (domain: string, list: SenderList) =>
  queryOptions({
    queryKey: ["spam", "senders", list, domain],
    queryFn: ({ signal }): Promise<Answer<string[]>> => {
      const options = { params: { path: { domain } }, signal };
      return list === "whitelist"
        ? answered(api.GET("/api/domains/{domain}/spam/whitelist", options))
        : answered(api.GET("/api/domains/{domain}/spam/blacklist", options));
    },
  });

export function changeScore(domain: string, body: Schema<"SpamSettingsIn">) {
  return answered(api.PATCH("/api/domains/{domain}/spam/settings", { params: { path: { domain } }, body }));
}

export function addSender(domain: string, list: SenderList, entry: string) {
  const options = { params: { path: { domain } }, body: { entry } };
  return list === "whitelist"
    ? answered(api.POST("/api/domains/{domain}/spam/whitelist", options))
    : answered(api.POST("/api/domains/{domain}/spam/blacklist", options));
}

export function removeSender(domain: string, list: SenderList, entry: string) {
  const options = { params: { path: { domain, entry } } };
  return list === "whitelist"
    ? answered(api.DELETE("/api/domains/{domain}/spam/whitelist/{entry}", options))
    : answered(api.DELETE("/api/domains/{domain}/spam/blacklist/{entry}", options));
}
