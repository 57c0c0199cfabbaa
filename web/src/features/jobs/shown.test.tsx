/** What a person reads of a job: its rows counted, what it waits for, its columns and steps in words. */
import { MantineProvider } from "@mantine/core";
import { cleanup, render, screen } from "@testing-library/react";
import type { ReactNode } from "react";
import { afterEach, expect, it, vi } from "vitest";
import { ImportSummary } from "./ImportSummary";
import { useJobName, useStepName } from "./names";
import type { Job } from "./queries";
import { useRowErrors } from "./rowErrors";
import { Waiting } from "./Waiting";

afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

const NOW = "2026-01-01T12:00:00Z";
const shown = (node: ReactNode) => {
  vi.useFakeTimers({ now: new Date(NOW) });
  const { container } = render(<MantineProvider>{node}</MantineProvider>);
  return container.textContent?.replace(/^.*}/s, "");
};
const job: Job = {
  id: "1",
  kind: "mailbox.import",
  state: "running",
  progress: { done: 19, total: 100, eta_seconds: 300 },
  steps: [],
  results: null,
  error: null,
  created_by: "admin",
  created_at: NOW,
  started_at: NOW,
  finished_at: null,
  waiting_for: null,
  waiting_until: "2026-01-01T12:00:43Z",
  waiting_budget: null,
};
const budget: Job["waiting_budget"] = { upstream: "MXroute", kind: "write", limit: 20, seconds: 60 };

it("counts cancelled rows of an import, too", () => {
  const summary = { created: 19, already_exists: 0, created_unconfirmed: 0, failed: 1, cancelled: 6, total: 26 };
  shown(<ImportSummary job={{ results: { summary } }} />);
  expect(screen.getByRole("status").textContent).toBe("19 created · 1 failed · 6 not done");
});

it("says that the budget is used up, and until when", () => {
  expect(shown(<Waiting job={{ ...job, waiting_budget: budget }} />)).toBe(
    "MXroute takes 20 changes in 1 min, and they are used up. It goes on in 43 sec. by itself.",
  );
});

it("does not put into the past what is to come when this clock is ahead of the manager's", () => {
  expect(shown(<Waiting job={{ ...job, waiting_until: "2026-01-01T11:58:00Z" }} />)).toBe("It goes on at any moment.");
});

it("says nothing of waiting once it is over", () => {
  expect(shown(<Waiting job={{ ...job, state: "succeeded" }} />)).toBe("");
});

it("names jobs, steps and columns in words, and leaves what it does not know", () => {
  function Words() {
    const [jobName, stepName, inWords] = [useJobName(), useStepName(), useRowErrors()];
    const setup = { kind: "cloudflare.setup", results: { domain: "shop.example" } };
    return [
      jobName(setup),
      jobName({ ...setup, results: null }),
      jobName({ kind: "new.kind", results: null }),
      stepName("public_dns"),
      stepName("new_step"),
      inWords("quota: must be a whole number; recovery_email: is no address; Not created: why"),
    ].join(" | ");
  }
  expect(shown(<Words />)).toBe(
    "Set-up of shop.example | Set-up of a domain | new.kind | The record is public | new_step | " +
      "Storage (MiB): must be a whole number; Recovery address: is no address; Not created: why",
  );
});
