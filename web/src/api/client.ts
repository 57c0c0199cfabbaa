/** The manager's own API, typed by its OpenAPI document. Every failure arrives as an `ApiError`. */
import createClient, { type Middleware } from "openapi-fetch";
import { ApiError, type Failure } from "./errors";
import { sameAgain } from "./once";
import type { components, paths } from "./schema";

/** A model of the API by its name in the OpenAPI document. */
export type Schema<Name extends keyof components["schemas"]> = components["schemas"][Name];
export type Permission = Schema<"Permission">;
export type Meta = Schema<"Meta">;
export { onceOnly } from "./once";

/** What every successful answer holds: the data and, where it matters, how fresh and how complete they are. */
export interface Answer<Data> {
  data: Data;
  meta: Meta | undefined;
}

const CSRF_COOKIE = "csrf_token";
const WRITES = new Set(["POST", "PUT", "PATCH", "DELETE"]);

const session: Middleware = {
  onRequest({ request }) {
    if (WRITES.has(request.method)) request.headers.set("X-CSRF-Token", cookie(CSRF_COOKIE));
    return request;
  },
};

export const api = createClient<paths>({ baseUrl: window.location.origin });
api.use(session, sameAgain);

type Fetched<Body> = { data?: Body; error?: unknown; response: Response };
type Enveloped<Body> = Body extends { data: infer Data } ? Data : never;

/** Waits for an answer and opens its envelope; throws an `ApiError` for everything else. */
export async function answered<Body>(call: Promise<Fetched<Body>>): Promise<Answer<Enveloped<Body>>> {
  let fetched: Fetched<Body>;
  try {
    fetched = await call;
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === "AbortError") throw cause;
    throw ApiError.unreachable(cause);
  }
  const { data, error, response } = fetched;
  if (response.status === 401) return leave();
  if (!response.ok || data === undefined) throw ApiError.of(response, error as Failure | undefined);
  const body = data as { data: Enveloped<Body>; meta?: Meta };
  return { data: body.data, meta: body.meta };
}

/** To the sign-in page, and back to where one was. Nothing is shown any more until the browser has left. */
function leave(): Promise<never> {
  const here = window.location.pathname + window.location.search;
  window.location.assign(`/login?next=${encodeURIComponent(here)}`);
  return new Promise(() => undefined);
}

function cookie(name: string): string {
  const found = document.cookie.split("; ").find((each) => each.startsWith(`${name}=`));
  return found ? decodeURIComponent(found.slice(name.length + 1)) : "";
}
