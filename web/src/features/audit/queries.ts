/** The audit log as the API has it. */
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { answered, api, type Schema } from "@/api/client";

export type Entry = Schema<"LogEntry">;

export interface LogFilter {
  date: string;
  actor: string;
  action: string;
  target: string;
  q: string;
}

const PAGE = 50;

/** Newest first, page by page. */
export const logsQuery = (filter: LogFilter) =>
  infiniteQueryOptions({
    queryKey: ["audit", filter],
    queryFn: ({ signal, pageParam }) => {
      const query = { ...given(filter), limit: PAGE, cursor: pageParam ? Number(pageParam) : undefined };
      return answered(api.GET("/api/admin/logs", { params: { query }, signal }));
    },
    initialPageParam: "",
    getNextPageParam: (last) => last.meta?.next_cursor ?? undefined,
  });

/** One entry, for a link to it: it may be older than those that are listed. */
export const entryQuery = (id: number) =>
  queryOptions({
    queryKey: ["audit", "one", id],
    queryFn: ({ signal }) => answered(api.GET("/api/admin/logs/{id}", { params: { path: { id } }, signal })),
  });

/** Where the filtered entries can be downloaded. */
export function downloadAddress(filter: LogFilter, format: "csv" | "jsonl"): string {
  return `/api/admin/logs/download?${new URLSearchParams({ format, ...given(filter) })}`;
}

function given(filter: LogFilter): Partial<Record<keyof LogFilter, string>> {
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== ""));
}
