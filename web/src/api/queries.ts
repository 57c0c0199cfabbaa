/** How long answers count as fresh, and what is tried again. The server caches, so asking it again is cheap. */
import { MutationCache, QueryClient } from "@tanstack/react-query";
import { ApiError } from "./errors";

const FRESH_MS = 10_000;

export const queryClient: QueryClient = new QueryClient({
  mutationCache: new MutationCache({
    // It may have been done all the same: what is on the page is asked for again.
    onError: (error) => {
      if (isUncertain(error)) void queryClient.invalidateQueries();
    },
  }),
  defaultOptions: {
    queries: {
      staleTime: FRESH_MS,
      // Offline it fails at once and says so; nothing waits to be sent when nobody looks any more.
      networkMode: "always",
      // The server itself repeats what may be repeated; only an answer that never arrived is asked for once more.
      retry: (failures, error) => failures < 1 && error instanceof ApiError && error.status === 0,
    },
    // Some writes carry or return secrets: nothing is kept once nobody shows it.
    mutations: { retry: false, gcTime: 0, networkMode: "always" },
  },
});

function isUncertain(error: Error): boolean {
  return !(error instanceof ApiError) || error.status === 0 || error.status >= 500;
}
