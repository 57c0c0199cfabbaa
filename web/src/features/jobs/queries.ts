/** Jobs as the API has them. */
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { answered, api, type Schema } from "@/api/client";

export type Job = Schema<"JobOut">;
export type JobState = Job["state"];

export const STATES: readonly JobState[] = ["queued", "running", "succeeded", "partly_failed", "failed", "cancelled"];
export const KINDS = ["mailbox.import", "cloudflare.setup", "dns.fix_bulk", "fleet.refresh"] as const;

const PAGE = 50;

export function isOver(job: Pick<Job, "state">): boolean {
  return job.state !== "queued" && job.state !== "running";
}

export interface JobFilter {
  state: string;
  kind: string;
}

/** Newest first, page by page. */
export const jobsQuery = ({ state, kind }: JobFilter) =>
  infiniteQueryOptions({
    queryKey: ["jobs", "list", { state, kind }],
    queryFn: ({ signal, pageParam }) => {
      const known = STATES.find((each) => each === state);
      const query = { limit: PAGE, state: known, kind: kind || undefined, cursor: pageParam || undefined };
      return answered(api.GET("/api/jobs", { params: { query }, signal }));
    },
    initialPageParam: "",
    getNextPageParam: (last) => last.meta?.next_cursor ?? undefined,
  });

/** One job with all its rows so far. */
export const jobQuery = (id: string) =>
  queryOptions({
    queryKey: ["jobs", "one", id],
    queryFn: ({ signal }) => answered(api.GET("/api/jobs/{id}", { params: { path: { id } }, signal })),
  });

export function cancelJob(id: string) {
  return answered(api.POST("/api/jobs/{id}/cancel", { params: { path: { id } } }));
}

export function fetchPasswords(id: string, acknowledge = false) {
  return answered(api.POST("/api/jobs/{id}/passwords", { params: { path: { id } }, body: { acknowledge } }));
}
