import { act, renderHook } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { answered, api, onceOnly } from "./client";
import { ApiError } from "./errors";
import { REPEAT_MS } from "./once";
import { goOn, useSessionOver } from "./session";

const answers: Array<() => Response> = [];
const sent: Request[] = [];

beforeEach(() => {
  sent.length = 0;
  answers.length = 0;
  // biome-ignore lint/suspicious/noDocumentCookie: the server sets it so
  document.cookie = "csrf_token=abc.def";
});

afterEach(() => vi.unstubAllGlobals());

const client = { fetch: (request: Request) => take(request) };

async function take(request: Request): Promise<Response> {
  sent.push(request);
  const answer = answers.shift();
  if (!answer) throw new TypeError("Failed to fetch");
  return answer();
}

const json = (status: number, body: unknown, headers = {}) =>
  new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/json", ...headers } });

function create(alias: string) {
  const body = { alias, destinations: ["a@example.org"] };
  const params = { path: { domain: "example.com" } };
  const call = api.POST("/api/domains/{domain}/forwarders", { params, body, headers: onceOnly(), ...client });
  return answered(call);
}

const made = () => json(201, { success: true, data: { alias: "x", email: "x@example.com", destinations: [] } });
const keys = () => sent.map((request) => request.headers.get("Idempotency-Key"));

describe("answered", () => {
  it("opens the envelope and proves the session on writes", async () => {
    answers.push(made);
    expect((await create("a")).data.email).toBe("x@example.com");
    expect(sent[0]?.headers.get("X-CSRF-Token")).toBe("abc.def");
  });

  it("names every wrong field, the request and when to try again", async () => {
    const error = {
      code: "validation_error",
      message: "No.",
      details: [{ field: "alias", message: "is odd" }],
      request_id: "r1",
    };
    answers.push(() => json(400, { success: false, error }, { "Retry-After": "7" }));
    const found = await create("a").catch((failure: unknown) => failure);
    expect(found).toBeInstanceOf(ApiError);
    expect(found).toMatchObject({ status: 400, fields: { alias: "is odd" }, requestId: "r1", retryAfter: 7 });
  });

  it("says so when something else answered, or nothing", async () => {
    answers.push(() => new Response("<h1>Bad gateway</h1>", { status: 502 }));
    await expect(create("a")).rejects.toMatchObject({ code: "invalid_answer", status: 502 });
    await expect(create("b")).rejects.toMatchObject({ code: "network", status: 0 });
  });
});

describe("a repeated write", () => {
  it("keeps its key while no certain answer came", async () => {
    await create("lost").catch(() => undefined);
    answers.push(() => json(503, { success: false, error: { code: "unavailable", message: "", request_id: "r" } }));
    await create("lost").catch(() => undefined);
    answers.push(made);
    await create("lost");
    expect(new Set(keys()).size).toBe(1);
  });

  it("keeps it while the first one is still being worked on", async () => {
    const underWay = { success: false, error: { code: "conflict", message: "", request_id: "r" } };
    answers.push(() => json(409, underWay, { "Retry-After": "1" }), made);
    await create("slow").catch(() => undefined);
    await create("slow");
    expect(new Set(keys()).size).toBe(1);
  });

  it("is a new wish after another write, and after some time", async () => {
    await create("gone").catch(() => undefined);
    answers.push(() => json(200, { success: true, data: null }));
    await answered(
      api.DELETE("/api/domains/{domain}/forwarders/{alias}", {
        params: { path: { domain: "example.com", alias: "gone" } },
        ...client,
      }),
    );
    await create("gone").catch(() => undefined);
    vi.useFakeTimers({ now: Date.now() + REPEAT_MS + 1 });
    await create("gone").catch(() => undefined);
    vi.useRealTimers();
    const used = keys().filter((key) => key !== null);
    expect(used.length).toBe(3);
    expect(new Set(used).size).toBe(3);
  });

  it("is a new one after a certain answer, and with another body", async () => {
    answers.push(made, made, () =>
      json(409, { success: false, error: { code: "conflict", message: "", request_id: "r" } }),
    );
    await create("one");
    await create("one");
    await create("two").catch(() => undefined);
    answers.push(made);
    await create("two");
    expect(new Set(keys()).size).toBe(4);
  });
});

describe("a session that ended", () => {
  const refused = () => json(401, { success: false, error: { code: "unauthorized", message: "", request_id: "r" } });
  const turn = () => act(() => new Promise((resolve) => setTimeout(resolve, 0)));

  it("lets a write wait until there is a new one, and sends it once more as the same write", async () => {
    const over = renderHook(useSessionOver).result;
    answers.push(refused, made);
    const call = create("waits");
    await turn();
    expect(over.current).toBe(true);
    expect(sent.length).toBe(1);
    // biome-ignore lint/suspicious/noDocumentCookie: the server sets it so
    document.cookie = "csrf_token=new";
    act(goOn);
    expect((await call).data.email).toBe("x@example.com");
    expect(over.current).toBe(false);
    expect(new Set(keys()).size).toBe(1);
    expect(sent[1]?.headers.get("X-CSRF-Token")).toBe("new");
    expect(await sent[1]?.json()).toMatchObject({ alias: "waits" });
  });

  it("keeps the key when the answer to the second sending is lost", async () => {
    renderHook(useSessionOver);
    answers.push(refused);
    const call = create("lost again").catch(() => undefined);
    await turn();
    vi.useFakeTimers({ now: Date.now() + REPEAT_MS + 1, toFake: ["Date"] });
    const login = { body: { username: "admin", password: "long enough" }, ...client };
    answers.push(() => json(200, { success: true, data: {} }));
    await answered(api.POST("/api/auth/login", login));
    act(goOn);
    await call;
    answers.push(made);
    await create("lost again");
    vi.useRealTimers();
    expect(keys().filter((key) => key !== null).length).toBe(3);
    expect(new Set(keys().filter((key) => key !== null)).size).toBe(1);
  });
});
