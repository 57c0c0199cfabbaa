/**
 * Idempotency keys: a write whose answer did not come may have been done. When the person sends the very same again, it
 * goes with the key of before, and the server answers instead of doing it twice.
 */
import type { Middleware } from "openapi-fetch";

const HEADER = "Idempotency-Key";
const KEPT = 20;

/** The keys of writes without a certain answer, by what was written. In memory only: bodies can hold passwords. */
const unsettled = new Map<string, string>();

/** Headers with a fresh key, for creates and for what starts work. */
export function onceOnly(): { "Idempotency-Key": string } {
  return { [HEADER]: Array.from(crypto.getRandomValues(new Uint8Array(16)), hex).join("") };
}

export const sameAgain: Middleware = {
  async onRequest({ request }) {
    const fresh = request.headers.get(HEADER);
    if (!fresh) return;
    const write = `${request.method} ${request.url}\n${await request.clone().text()}`;
    const known = unsettled.get(write);
    if (known) request.headers.set(HEADER, known);
    else remember(write, fresh);
    return request;
  },
  onResponse({ request, response }) {
    const key = request.headers.get(HEADER);
    // The server keeps no failure of its own and no "too many": after those, the same key is right again.
    if (key && response.status < 500 && response.status !== 429) forget(key);
  },
};

function remember(write: string, key: string): void {
  unsettled.set(write, key);
  const [oldest] = unsettled.keys();
  if (unsettled.size > KEPT && oldest !== undefined) unsettled.delete(oldest);
}

function forget(key: string): void {
  for (const [write, kept] of unsettled) if (kept === key) unsettled.delete(write);
}

const hex = (byte: number): string => byte.toString(16).padStart(2, "0");
