/**
 * Idempotency keys: a write whose answer did not come may have been done. When the person sends the very same again at
 * once, it goes with the key of before, and the server answers instead of doing it twice. Only then: after another
 * write, or after some time, the same words are a new wish, and an old answer to them would be untrue.
 */
import type { Middleware } from "openapi-fetch";

const HEADER = "Idempotency-Key";
const READS = new Set(["GET", "HEAD"]);
/** Signing in and out is no write that could be done twice, and none that another one gives way to. */
export const SIGNING = "/api/auth/";
export const REPEAT_MS = 120_000;

interface Attempt {
  write: string;
  key: string;
  at: number;
}

/** The last write, while there is no certain answer to it. In memory only: bodies can hold passwords. */
let unsettled: Attempt | null = null;

/** Headers with a fresh key, for creates and for what starts work. */
export function onceOnly(): { "Idempotency-Key": string } {
  return { [HEADER]: Array.from(crypto.getRandomValues(new Uint8Array(16)), hex).join("") };
}

export const sameAgain: Middleware = {
  async onRequest({ request }) {
    if (READS.has(request.method) || new URL(request.url).pathname.startsWith(SIGNING)) return;
    const fresh = request.headers.get(HEADER);
    const write = `${request.method} ${request.url}\n${await request.clone().text()}`;
    const before = unsettled;
    unsettled = null;
    if (!fresh) return;
    if (before?.write === write && Date.now() - before.at < REPEAT_MS) request.headers.set(HEADER, before.key);
    unsettled = { write, key: request.headers.get(HEADER) ?? fresh, at: Date.now() };
    return request;
  },
  onResponse({ request, response }) {
    // The server keeps no failure of its own and no "too many": after those, the same key is right again.
    const underWay = response.status === 409 && response.headers.has("Retry-After");
    const certain = response.status < 500 && response.status !== 429 && !underWay;
    if (certain && unsettled?.key === request.headers.get(HEADER)) unsettled = null;
  },
};

/** The very same write goes out once more, after it had to wait. */
export function sentAgain(request: Request): void {
  if (unsettled?.key === request.headers.get(HEADER)) unsettled.at = Date.now();
}

const hex = (byte: number): string => byte.toString(16).padStart(2, "0");
