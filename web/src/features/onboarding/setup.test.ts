import { describe, expect, it } from "vitest";
import { domainOf, type Job } from "@/features/jobs/api";
import { givesUpAt, isManual, nameServersOf, phasesOf, stepsOf, tidy, toPublish, toRemove } from "./setup";

const at = "2026-01-01T00:00:00Z";
const steps = (states: Record<string, string>) =>
  Object.entries(states).map(([name, state]) => ({ name, state, message: "", at }));
const job = (state: Job["state"], states: Record<string, string>) => ({ state, steps: steps(states), results: null });
const states = (found: ReturnType<typeof phasesOf>) => found.map((phase) => phase.state);

describe("the name of a domain", () => {
  it.each([
    [" Onboard.Example. ", "onboard.example"],
    ["https://www.onboard.example/path?x#y", "onboard.example"],
    ["onboard.example:443/", "onboard.example"],
    ["www.onboard.example", "www.onboard.example"],
    ["h", "h"],
  ])("is taken out of %j", (typed, name) => expect(tidy(typed)).toBe(name));
});

describe("phases", () => {
  it("begin with choosing", () => {
    expect(states(phasesOf(undefined))).toEqual(["current", "to come", "to come", "to come", "to come"]);
  });

  it("follow the steps of the job", () => {
    const waiting = { zone: "skipped", verification: "done", public_dns: "waiting", register: "pending" };
    expect(states(phasesOf(job("queued", waiting)))).toEqual(["done", "current", "to come", "to come", "to come"]);
    const mail = { zone: "done", verification: "done", public_dns: "done", register: "done", mail_dns: "running" };
    expect(states(phasesOf(job("running", mail)))).toEqual(["done", "done", "done", "current", "to come"]);
  });

  it("are at the first one before there are steps", () => {
    expect(states(phasesOf(job("queued", {})))).toEqual(["done", "current", "to come", "to come", "to come"]);
  });

  it("end with done, or where it failed", () => {
    const all = { zone: "done", verification: "done", public_dns: "done", register: "done", mail_dns: "done" };
    expect(states(phasesOf(job("succeeded", { ...all, verify: "done" }))).at(-1)).toBe("current");
    const failed = { zone: "done", verification: "done", public_dns: "failed", register: "pending" };
    expect(states(phasesOf(job("failed", failed)))).toEqual(["done", "failed", "to come", "to come", "to come"]);
  });

  it("leave out steps that are not known", () => {
    expect(stepsOf({ steps: steps({ zone: "odd", new_step: "done" }) })).toEqual([
      { name: "zone", state: "pending", message: "" },
    ]);
  });
});

describe("results", () => {
  it("tell the domain, records and name servers, read with care", () => {
    const results = {
      domain: "shop.example.com",
      publish: [{ type: "MX", name: "shop.example.com", value: "a.test", priority: 10 }, "junk", { type: 7 }],
      remove: [{ type: "MX", name: "shop.example.com", value: "old.test" }],
      zone: { status: "pending", name_servers: ["a.ns.test", 5] },
    };
    expect(domainOf({ results })).toBe("shop.example.com");
    expect(toPublish({ results })[0]).toEqual({ type: "MX", name: "shop.example.com", value: "a.test", priority: 10 });
    expect(toRemove({ results }).map((each) => each.value)).toEqual(["old.test"]);
    expect(nameServersOf({ results })).toEqual(["a.ns.test"]);
    for (const empty of [null, {}, { publish: "no", zone: [] }]) {
      expect([domainOf({ results: empty }), toPublish({ results: empty }), nameServersOf({ results: empty })]).toEqual([
        "",
        [],
        [],
      ]);
    }
  });

  it("tell until when it waits", () => {
    const results = { waiting_since: { register: at, verify: at } };
    expect(givesUpAt({ steps: steps({ register: "waiting" }), results })?.toISOString()).toBe(
      "2026-01-01T00:45:00.000Z",
    );
    expect(givesUpAt({ steps: steps({ verify: "waiting" }), results })?.toISOString()).toBe("2026-01-01T01:00:00.000Z");
    expect(givesUpAt({ steps: steps({ public_dns: "waiting" }), results })).toBeNull();
    expect(isManual({ steps: steps({ zone: "skipped" }) })).toBe(true);
  });
});
