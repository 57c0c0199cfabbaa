import { expect, it } from "vitest";
import { changed, count, fromList, type Grants, has, PERMISSIONS, toList } from "./grants";

const grants: Grants = { "a.example": ["emails"], "b.example": ["dns", "spam"] };

it("gives a permission on several domains and leaves the rest", () => {
  const next = changed(grants, ["a.example", "c.example"], ["dns"], true);
  expect(next).toEqual({ "a.example": ["emails", "dns"], "b.example": ["dns", "spam"], "c.example": ["dns"] });
  expect(grants["a.example"]).toEqual(["emails"]);
});

it("leaves out a domain that lost its last permission", () => {
  expect(changed(grants, ["a.example"], PERMISSIONS, false)).toEqual({ "b.example": ["dns", "spam"] });
});

it("goes to the API's list and back", () => {
  expect(toList(grants)).toEqual([
    { domain: "a.example", permissions: ["emails"] },
    { domain: "b.example", permissions: ["spam", "dns"] },
  ]);
  expect(fromList(toList(grants))).toEqual({ "a.example": ["emails"], "b.example": ["spam", "dns"] });
  expect(count(grants)).toEqual({ domains: 2, permissions: 3 });
  expect(has(grants, "a.example", "dns")).toBe(false);
});
