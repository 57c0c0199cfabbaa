/** The manager's own API, typed by its OpenAPI document. Every failure arrives as an `ApiError`. */
import createClient from "openapi-fetch";
import { ApiError, type Failure } from "./errors";
import { sameAgain } from "./once";
import type { components, paths } from "./schema";
import { session } from "./session";

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

export const api = createClient<paths>({ baseUrl: window.location.origin });
// The last one sees an answer first: a write that is sent again after signing in stays one write.
api.use(sameAgain, session);

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
  if (!response.ok || data === undefined) throw ApiError.of(response, error as Failure | undefined);
  const body = data as { data: Enveloped<Body>; meta?: Meta };
  return { data: body.data, meta: body.meta };
}
