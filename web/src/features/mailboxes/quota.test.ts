import { expect, it } from "vitest";
import { fromMb, toMb } from "./quota";

it.each([
  [1, "GiB", 1024],
  ["1.5", "GiB", 1536],
  [700, "MiB", 700],
  ["0.0001", "GiB", null],
  ["", "GiB", null],
  ["ten", "MiB", null],
  [-1, "MiB", null],
  [0, "GiB", null],
] as const)("%s %s are %s MB", (amount, unit, mb) => {
  expect(toMb(amount, unit)).toBe(mb);
});

it.each([
  [1024, 1, "GiB"],
  [1536, 1.5, "GiB"],
  [1000, 1000, "MiB"],
  [1025, 1025, "MiB"],
  [512, 512, "MiB"],
] as const)("%s MB are %s %s", (mb, amount, unit) => {
  expect(fromMb(mb)).toEqual({ amount, unit });
  expect(toMb(amount, unit)).toBe(mb);
});
