/** All domains at a glance, as the API has them: from the manager's own database, so asking is cheap. */
import { queryOptions } from "@tanstack/react-query";
import { answered, api, type Schema } from "@/api/client";

export type FleetRow = Schema<"FleetRow">;
export type Fleet = Schema<"FleetOverview">;
type Job = Schema<"JobOut">;

export const fleetQuery = queryOptions({
  queryKey: ["fleet"],
  queryFn: ({ signal }) => answered(api.GET("/api/fleet/overview", { signal })),
});

/** The overview anew, or the job that goes on when that takes longer. */
export async function refreshFleet(): Promise<{ job: Job | null; rows: readonly FleetRow[] }> {
  // No key: one that is under way is shared by the server anyhow.
  const { data } = await answered(api.POST("/api/fleet/refresh"));
  return "kind" in data ? { job: data, rows: [] } : { job: null, rows: data.domains };
}

/** What went wrong lately, apart from refreshes: their trouble stands in the rows. */
export const failedJobsQuery = queryOptions({
  queryKey: ["jobs", "failed"],
  queryFn: async ({ signal }) => {
    const [failed, partly] = await Promise.all([jobsIn("failed", signal), jobsIn("partly_failed", signal)]);
    const data = [...failed.data, ...partly.data]
      .filter((job) => job.kind !== "fleet.refresh")
      .toSorted((a, b) => b.created_at.localeCompare(a.created_at));
    return { data, meta: undefined };
  },
});

const jobsIn = (state: "failed" | "partly_failed", signal: AbortSignal) =>
  answered(api.GET("/api/jobs", { params: { query: { state, limit: 20 } }, signal }));

/** Whether repairs can be written at all. */
export const cloudflareQuery = queryOptions({
  queryKey: ["cloudflare"],
  queryFn: ({ signal }) => answered(api.GET("/api/cloudflare/status", { signal })),
  staleTime: 300_000,
});
