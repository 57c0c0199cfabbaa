import { expect, it } from "vitest";
import { expiresAt, today } from "./expiry";

const now = new Date("2026-11-22T10:00:00Z");

it("counts days from now", () => {
  expect(expiresAt("d30", "", now)).toBe("2026-12-22T10:00:00.000Z");
  expect(expiresAt("never", "2027-01-01", now)).toBeNull();
});

it("takes a day to its end where the reader is", () => {
  expect(expiresAt("date", "2027-01-05", now)).toBe(new Date("2027-01-05T23:59:59").toISOString());
  expect(today(new Date(2027, 0, 5, 23, 59))).toBe("2027-01-05");
});
