import { expect, it } from "vitest";
import { strictProviders } from "./strict";

it("names each strict provider once, in any case", () => {
  expect(strictProviders(["a@GMAIL.com", "b@gmail.com", "c@yahoo.co.uk", "d@example.org"])).toEqual([
    "gmail.com",
    "yahoo.co.uk",
  ]);
});

it("does not take a part of a name for the name", () => {
  expect(strictProviders(["a@notgmail.com", "gmail.com@example.org", ":fail:"])).toEqual([]);
});
