/**
 * The session's proof on every write, and what happens when it has ended: what was asked waits until the person has
 * signed in again over the page, and is then sent. Safe also for writes, since a 401 is decided before a body is read.
 */
import type { Middleware } from "openapi-fetch";
import { useSyncExternalStore } from "react";
import { SIGNING, sentAgain } from "./once";

const CSRF_COOKIE = "csrf_token";
const READS = new Set(["GET", "HEAD"]);
/** As they were before they were sent, to be sent once more. */
const spares = new WeakMap<Request, Request>();

export const session: Middleware = {
  onRequest({ request }) {
    prove(request);
    spares.set(request, request.clone());
    return request;
  },
  async onResponse({ request, response, options: { fetch } }) {
    const spare = spares.get(request);
    // A 401 of signing in or out is an answer to the person.
    if (!spare || new URL(request.url).pathname.startsWith(SIGNING)) return response;
    let answer = response;
    while (answer.status === 401) {
      await signedInAgain();
      const next = spare.clone();
      prove(next);
      sentAgain(next);
      answer = await fetch(next);
    }
    return answer;
  },
};

function prove(request: Request): void {
  if (!READS.has(request.method)) request.headers.set("X-CSRF-Token", cookie(CSRF_COOKIE));
}

function cookie(name: string): string {
  const found = document.cookie.split("; ").find((each) => each.startsWith(`${name}=`));
  return found ? decodeURIComponent(found.slice(name.length + 1)) : "";
}

/** Set while the session is over: what waits for the next one. */
let waiting: { promise: Promise<void>; go: () => void } | null = null;
const watchers = new Set<() => void>();

/** Is the session over? Whoever asks this shows a sign-in over the page. */
export function useSessionOver(): boolean {
  return useSyncExternalStore(
    (changed) => {
      watchers.add(changed);
      return () => watchers.delete(changed);
    },
    () => waiting !== null,
  );
}

function signedInAgain(): Promise<void> {
  // Nothing on the page yet that could be lost, or that could ask.
  if (watchers.size === 0) return leave();
  if (!waiting) {
    let go = () => {};
    const promise = new Promise<void>((resolve) => {
      go = resolve;
    });
    waiting = { promise, go };
    tell();
  }
  return waiting.promise;
}

/** The person has signed in again: what waited is sent. */
export function goOn(): void {
  const before = waiting;
  waiting = null;
  tell();
  before?.go();
}

function tell(): void {
  for (const changed of watchers) changed();
}

/** To the sign-in page, and back to where one was. Nothing is shown any more until the browser has left. */
function leave(): Promise<never> {
  const here = window.location.pathname + window.location.search;
  window.location.assign(`/login?next=${encodeURIComponent(here)}`);
  return new Promise(() => undefined);
}
