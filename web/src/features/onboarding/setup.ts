/** What a set-up's job tells: its phases, what it waits for, and what is to be published by hand. */
import type { ManualRecord } from "@/features/dns/api";
import type { Job } from "@/features/jobs/api";

export const STEPS = ["zone", "verification", "public_dns", "register", "mail_dns", "webmail", "verify"] as const;
export type StepName = (typeof STEPS)[number];
export const STEP_STATES = ["pending", "running", "waiting", "done", "skipped", "failed"] as const;
export type StepState = (typeof STEP_STATES)[number];

export interface SetupStep {
  name: StepName;
  state: StepState;
  message: string;
}

export const PHASES = ["choose", "check", "register", "mail", "done"] as const;
export type PhaseName = (typeof PHASES)[number];

export interface Phase {
  name: PhaseName;
  state: "to come" | "current" | "done" | "failed";
  steps: SetupStep[];
}

const STEPS_OF: Partial<Record<PhaseName, readonly StepName[]>> = {
  check: ["zone", "verification", "public_dns"],
  register: ["register"],
  mail: ["mail_dns", "webmail", "verify"],
};

/** Steps as the app knows them; one that it does not know is left out. */
export function stepsOf(job: Pick<Job, "steps">): SetupStep[] {
  return job.steps.flatMap(({ name, state, message }) => {
    const known = STEPS.find((each) => each === name);
    return known ? [{ name: known, state: STEP_STATES.find((each) => each === state) ?? "pending", message }] : [];
  });
}

/** The wizard's five phases. Without a job one is still choosing. */
export function phasesOf(job: Pick<Job, "steps" | "state"> | undefined): Phase[] {
  const steps = job ? stepsOf(job) : [];
  const ended = job !== undefined && job.state !== "queued" && job.state !== "running";
  let reached = job === undefined;
  return PHASES.map((name): Phase => {
    if (name === "choose") return { name, state: job ? "done" : "current", steps: [] };
    if (name === "done") return { name, state: ended && !reached ? "current" : "to come", steps: [] };
    const own = steps.filter((step) => STEPS_OF[name]?.includes(step.name));
    if (own.some((step) => step.state === "failed")) {
      reached = true;
      return { name, state: "failed", steps: own };
    }
    const over = own.length > 0 && own.every((step) => step.state === "done" || step.state === "skipped");
    if (over) return { name, state: "done", steps: own };
    const state = reached ? "to come" : "current";
    reached = true;
    return { name, state, steps: own };
  });
}

/** The step that is on, or that it waits at. */
export function currentStep(job: Pick<Job, "steps">): SetupStep | undefined {
  const steps = stepsOf(job);
  return steps.find((step) => step.state === "running" || step.state === "waiting");
}

type Open = Record<string, unknown>;
const isOpen = (value: unknown): value is Open => typeof value === "object" && value !== null && !Array.isArray(value);
const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const word = (value: unknown): string => (typeof value === "string" ? value : "");

/** What is to be published by hand now. */
export function toPublish(job: Pick<Job, "results">): ManualRecord[] {
  return listOf(job.results?.publish)
    .filter(isOpen)
    .map(({ type, name, value, priority }) => ({
      type: word(type),
      name: word(name),
      value: word(value),
      ...(typeof priority === "number" ? { priority } : {}),
    }));
}

/** Mail exchangers that take the mail away. */
export function toRemove(job: Pick<Job, "results">): ManualRecord[] {
  return toPublish({ results: { publish: job.results?.remove } });
}

/** Checks that were left alone. */
export function conflictsOf(job: Pick<Job, "results">): string[] {
  return listOf(job.results?.conflicts).map(word).filter(Boolean);
}

/** Name servers to be set at the registrar, while the zone is not public. */
export function nameServersOf(job: Pick<Job, "results">): string[] {
  const zone = job.results?.zone;
  if (!isOpen(zone) || zone.status === "active") return [];
  return listOf(zone.name_servers).map(word).filter(Boolean);
}

/** The DNS is elsewhere: people publish themselves. */
export function isManual(job: Pick<Job, "steps">): boolean {
  return stepsOf(job).some((step) => step.name === "zone" && step.state === "skipped");
}

const HOUR_MS = 3_600_000;

/** When it gives up what it waits for; null when it does not wait for people or for DNS. */
export function givesUpAt(job: Pick<Job, "steps" | "results">): Date | null {
  const step = currentStep(job);
  const since = job.results?.waiting_since;
  const began = step && isOpen(since) ? Date.parse(word(since[step.name])) : Number.NaN;
  if (!step || Number.isNaN(began)) return null;
  return new Date(began + patience(step.name, nameServersOf(job).length > 0));
}

/** As docs/adding-a-domain.md has it. */
function patience(step: StepName, unseen: boolean): number {
  if (step === "register") return 0.75 * HOUR_MS;
  if (step === "verify" && !unseen) return HOUR_MS;
  return 72 * HOUR_MS;
}

/** The name in what somebody typed or pasted, also from the address of a website. */
export function tidy(typed: string): string {
  const plain = typed.trim().toLowerCase();
  const [, host = plain] = /^(?:[a-z]+:\/\/)?(?:www\.)?([^/?#:]+)/.exec(isAddress(plain) ? plain : "") ?? [];
  return host.replace(/\.$/, "");
}

const isAddress = (text: string): boolean => /[/?#:]/.test(text);
