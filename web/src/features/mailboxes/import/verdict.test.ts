import { expect, it } from "vitest";
import { type CheckedRow, counts, verdict } from "./verdict";

const row = (facts: Partial<CheckedRow>): CheckedRow => ({
  line: 2,
  domain: "example.com",
  username: "alex",
  email: "alex@example.com",
  quota: 1024,
  limit: 9600,
  recovery_email: null,
  valid: true,
  needs_password: false,
  already_exists: false,
  duplicate_in_csv: false,
  errors: [],
  ...facts,
});
const mayManage = (domain: string) => domain === "example.com";

it.each([
  ["a good row", {}, "create"],
  ["no password", { needs_password: true }, "password"],
  ["one that exists, without a password", { already_exists: true, needs_password: true }, "exists"],
  ["one that is there twice", { duplicate_in_csv: true, already_exists: true }, "duplicate"],
  ["a mistake before anything else", { errors: ["quota: no"], already_exists: true, needs_password: true }, "wrong"],
  ["a domain of others", { domain: "other.org", errors: ["domain: you may not"] }, "forbidden"],
  ["no domain", { domain: null, errors: ["domain: is missing"] }, "wrong"],
] as const)("%s", (_, facts, found) => {
  expect(
    verdict(row({ ...facts, errors: "errors" in facts ? [...facts.errors] : [] }), { generate: false, mayManage }),
  ).toBe(found);
});

it("makes passwords only when told to", () => {
  expect(verdict(row({ needs_password: true }), { generate: true, mayManage })).toBe("generate");
});

it("counts what is created, those with a generated password among them", () => {
  expect(counts(["create", "generate", "generate", "exists", "wrong"])).toEqual({
    create: 3,
    generate: 2,
    exists: 1,
    duplicate: 0,
    password: 0,
    wrong: 1,
    forbidden: 0,
  });
});
