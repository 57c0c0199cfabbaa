import { expect, it } from "vitest";
import type { FleetRow } from "./queries";
import { failing, isUnread, matches, needy, standing, tally } from "./standing";

const row = (domain: string, change: Partial<FleetRow> = {}): FleetRow => ({
  domain,
  mail_hosting: true,
  dns: { overall: "healthy", checks: { mx: { status: "pass" } } },
  mailbox_count: 1,
  checked_at: "2026-01-01T00:00:00Z",
  ...change,
});
const bad = row("bad.example", {
  dns: {
    overall: "unhealthy",
    checks: { webmail: { status: "warn" }, spf: { status: "fail" }, mx: { status: "unknown" } },
  },
});
const off = row("off.example", { mail_hosting: false, dns: { overall: "skipped", checks: {} } });
const fresh = row("fresh.example", { dns: null, checked_at: null, mail_hosting: null });
const never = { ...fresh, domain: "never.example", error: "MXroute could not be read." };
const hidden = row("hidden.example", { dns: null });
const old = row("old.example", { error: "MXroute could not be read." });

it("has one word for how a domain stands, and none for what one may not see", () => {
  expect([bad, off, never, fresh, hidden, old].map(standing)).toEqual([
    "unhealthy",
    "off",
    "unread",
    "fresh",
    null,
    "healthy",
  ]);
});

it("names failing checks in their order, without webmail", () => {
  expect(failing(bad)).toEqual([
    { key: "mx", status: "unknown" },
    { key: "spf", status: "fail" },
  ]);
  expect(failing(hidden)).toEqual([]);
});

it("counts what could not be read beside the state it had before", () => {
  expect(isUnread(old)).toBe(true);
  expect(matches(old, "unread") && matches(old, "healthy")).toBe(true);
  expect(tally([bad, off, never, fresh, old]).get("unread")).toBe(2);
});

it("puts the worst first and leaves out what was meant so", () => {
  expect(needy([old, off, never, fresh, row("ok.example"), bad]).map((each) => each.domain)).toEqual([
    "bad.example",
    "never.example",
    "old.example",
  ]);
});

it("puts more that fails before less of the same", () => {
  const worse = row("worse.example", {
    dns: { overall: "unhealthy", checks: { mx: { status: "fail" }, spf: { status: "fail" } } },
  });
  expect(needy([bad, worse]).map((each) => each.domain)).toEqual(["worse.example", "bad.example"]);
});
