/** How long a job still takes: an estimate that grows older while nothing new is heard, and is told as one. */
import type { Job } from "./queries";

const MINUTE = 60;

/** Seconds, null while nothing can be said. `at`: when the job was heard of, by the same clock as `now`. */
export function timeLeft({ progress }: Pick<Job, "progress">, at: number, now: number): number | null {
  if (progress.eta_seconds === null) return null;
  const since = Math.max(0, now - at) / 1000;
  return about(Math.max(1, progress.eta_seconds - since));
}

/** An estimate is no stopwatch. */
function about(seconds: number): number {
  return seconds >= 2 * MINUTE ? Math.round(seconds / MINUTE) * MINUTE : Math.ceil(seconds / 5) * 5;
}
