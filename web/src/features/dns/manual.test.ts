import { expect, it } from "vitest";
import { allRecords, recordsToSet } from "./manual";
import type { Check, Expected, Health } from "./queries";

const expected: Expected = {
  domain: "a.example",
  mx_records: [
    { priority: 10, hostname: "one.test" },
    { priority: null, hostname: "two.test" },
    { priority: 30, hostname: null },
  ],
  spf: { type: "TXT", name: "@", fqdn: "a.example", value: "v=spf1 include:mxroute.com -all" },
  dkim: null,
  verification: null,
  dmarc: { type: "TXT", name: "_dmarc", fqdn: "_dmarc.a.example", value: "v=DMARC1; p=none;" },
};
const check = (status: Check["status"], found: string[] = []): Check => ({
  status,
  label: "",
  expected: [],
  found,
  message: "",
  expected_host: "host.test",
});
const health = (spfFound: string[]): Health => ({
  domain: "a.example",
  overall: "unhealthy",
  checks: {
    mx: check("fail"),
    spf: check("fail", spfFound),
    dkim: check("fail"),
    dmarc: check("pass"),
    verification: check("skipped"),
    mail: check("fail"),
    webmail: check("skipped"),
  },
  dmarc_policy: "",
  mail_hosting_enabled: true,
  mxroute_reachable: true,
  cf_configured: false,
  checked_at: "2026-01-01T00:00:00Z",
});

it("lists what MXroute named, and nothing it did not", () => {
  expect(allRecords(expected).map((each) => `${each.type} ${each.priority ?? "-"} ${each.name}`)).toEqual([
    "MX 10 a.example",
    "MX - a.example",
    "TXT - a.example",
    "TXT - _dmarc.a.example",
  ]);
});

it("lists the records of failing checks only", () => {
  expect(recordsToSet(expected, health([])).map((each) => each.type + each.name)).toEqual([
    "MXa.example",
    "MXa.example",
    "TXTa.example",
    "CNAMEmail.a.example",
  ]);
});

it("does not offer an SPF record that would take other senders' right away", () => {
  const types = recordsToSet(expected, health(["v=spf1 mx ~all"])).map((each) => each.type);
  expect(types).toEqual(["MX", "MX", "CNAME"]);
});
