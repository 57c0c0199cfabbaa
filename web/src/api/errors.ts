/** Failures as the API states them. */
import type { components } from "./schema";

export type Failure = components["schemas"]["Failure"];

/** `network`: no answer at all; `invalid_answer`: something that is not the API's (a proxy's page, say). */
export type ErrorCode = string;

export class ApiError extends Error {
  constructor(
    /** HTTP status; 0 when there was no answer. */
    readonly status: number,
    readonly code: ErrorCode,
    message: string,
    /** One message for each wrong field of what was sent, by the field's name. */
    readonly fields: Readonly<Record<string, string>> = {},
    /** To find the request in the manager's log. */
    readonly requestId: string | null = null,
    /** Seconds after which it is worth trying again. */
    readonly retryAfter: number | null = null,
  ) {
    super(message);
    this.name = "ApiError";
  }

  static of(response: Response, body: Failure | undefined): ApiError {
    const retryAfter = Number(response.headers.get("Retry-After")) || null;
    const requestId = body?.error?.request_id ?? response.headers.get("X-Request-ID");
    if (!body?.error?.code) return new ApiError(response.status, "invalid_answer", "", {}, requestId, retryAfter);
    const { code, message, details } = body.error;
    const fields = Object.fromEntries((details ?? []).map((each) => [each.field, each.message]));
    return new ApiError(response.status, code, message, fields, requestId, retryAfter);
  }

  static unreachable(cause: unknown): ApiError {
    return new ApiError(0, "network", String(cause));
  }
}
