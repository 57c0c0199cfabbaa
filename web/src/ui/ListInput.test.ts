import { expect, it } from "vitest";
import { separated } from "./ListInput";

it("parts what was put in at once", () => {
  expect(separated(["a@example.org, b@example.org;c@example.org", " d@example.org,", "a@example.org"])).toEqual([
    "a@example.org",
    "b@example.org",
    "c@example.org",
    "d@example.org",
  ]);
  expect(separated([" , "])).toEqual([]);
});
