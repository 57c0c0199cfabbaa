import { expect, it } from "vitest";
import { asciiName } from "./names";

it.each([
  ["example.com", "example.com"],
  ["Example.COM.", "example.com"],
  ["bücher.example", "xn--bcher-kva.example"],
  ["BÜCHER.example", "xn--bcher-kva.example"],
  ["1", "1"],
  ["bü cher", "bü cher"],
  ["", ""],
])("%s is %s", (typed, name) => {
  expect(asciiName(typed)).toBe(name);
});
