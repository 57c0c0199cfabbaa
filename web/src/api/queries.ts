/** How long answers count as fresh, and what is tried again. The server caches, so asking it again is cheap. */
import { QueryClient } from "@tanstack/react-query";
import { ApiError } from "./errors";

const FRESH_MS = 10_000;

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: FRESH_MS,
      // The server itself repeats what may be repeated; only an answer that never arrived is asked for once more.
      retry: (failures, error) => failures < 1 && error instanceof ApiError && error.status === 0,
    },
    mutations: { retry: false },
  },
});
