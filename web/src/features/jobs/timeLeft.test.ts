import { expect, it } from "vitest";
import { timeLeft } from "./timeLeft";

const job = (eta_seconds: number | null) => ({ progress: { done: 19, total: 100, eta_seconds } });

it.each([
  ["grows less while nothing new is heard", 100, 30_000, 70],
  ["is whole minutes while it is long", 301, 0, 300],
  ["is steps of five seconds at last", 61, 10_000, 55],
  ["is never over before the job is", 10, 60_000, 5],
  ["does not grow when the shared clock has not ticked yet", 100, -4000, 100],
] as const)("%s", (_, eta, since, shown) => {
  expect(timeLeft(job(eta), 1_000_000, 1_000_000 + since)).toBe(shown);
});

it("is nothing while nothing can be said", () => {
  expect(timeLeft(job(null), 0, 0)).toBeNull();
});
