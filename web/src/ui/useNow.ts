/** One clock for all relative times on the page: it ticks each five seconds while anything looks at it. */
import { useSyncExternalStore } from "react";

const TICK_MS = 5000;
const watchers = new Set<() => void>();
let now = Date.now();
let timer: number | undefined;

function watch(changed: () => void): () => void {
  if (watchers.size === 0) {
    now = Date.now();
    timer = window.setInterval(() => {
      now = Date.now();
      for (const each of watchers) each();
    }, TICK_MS);
  }
  watchers.add(changed);
  return () => {
    watchers.delete(changed);
    if (watchers.size === 0) window.clearInterval(timer);
  };
}

export function useNow(): number {
  return useSyncExternalStore(watch, () => now);
}
