/** Setting domains up, as the API has it: each is a job. */
import { queryOptions } from "@tanstack/react-query";
import { answered, api, onceOnly, type Schema } from "@/api/client";

const KIND = "cloudflare.setup";

export function startSetup(body: Schema<"SetupIn">) {
  const headers = onceOnly();
  return answered(api.POST("/api/cloudflare/setup", { headers, body }));
}

/** The latest set-ups, newest first. */
export const setupsQuery = queryOptions({
  queryKey: ["jobs", "setups"],
  queryFn: ({ signal }) => answered(api.GET("/api/jobs", { params: { query: { kind: KIND, limit: 50 } }, signal })),
});
