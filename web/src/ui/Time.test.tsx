/** Moments told by a clock that is not the manager's. */
import { cleanup, render } from "@testing-library/react";
import { afterEach, expect, it, vi } from "vitest";
import { Ago } from "./Time";

afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

it.each([
  ["what just happened is not to come when this clock is a little behind", "2026-01-01T12:00:09Z", "now"],
  ["what happened is told", "2026-01-01T11:58:00Z", "2 min. ago"],
  ["what is to come is told", "2026-01-01T12:03:00Z", "in 3 min."],
])("%s", (_, at, told) => {
  vi.useFakeTimers({ now: new Date("2026-01-01T12:00:00Z") });
  expect(render(<Ago at={at} />).container.textContent).toBe(told);
});
