/** What the figures of mailboxes mean. Sizes are in MB as MXroute counts them; null means that it did not say. */
import type { Mailbox } from "./queries";

/** Share of a quota or limit from which it is time to do something. */
const NEARLY = 0.9;

export type Fullness = "full" | "nearlyFull" | "fine" | "unknown";

/** How much of its quota a mailbox uses; null without a quota, or when a figure is missing. */
export function share({ usage, quota }: Pick<Mailbox, "usage" | "quota">): number | null {
  return usage === null || !quota ? null : usage / quota;
}

export function fullness(mailbox: Pick<Mailbox, "usage" | "quota">): Fullness {
  if (mailbox.quota === 0) return "fine";
  const used = share(mailbox);
  if (used === null) return "unknown";
  return used >= 1 ? "full" : used >= NEARLY ? "nearlyFull" : "fine";
}

/** Time to do something about it. */
export function isTight(mailbox: Pick<Mailbox, "usage" | "quota">): boolean {
  return ["full", "nearlyFull"].includes(fullness(mailbox));
}

/** Will it soon be allowed to send no more today? */
export function isNearLimit({ sent, limit }: Pick<Mailbox, "sent" | "limit">): boolean {
  return sent !== null && limit !== null && sent >= limit * NEARLY;
}

export interface Totals {
  mailboxes: number;
  usage: number;
  /** Of the mailboxes that have a quota. */
  quota: number;
  unlimited: number;
  sent: number;
  /** Nearly full or full. */
  tight: number;
  /** Whether each mailbox told its figure; else the sum is a least one. */
  complete: { usage: boolean; quota: boolean; sent: boolean };
}

export function totals(mailboxes: readonly Mailbox[]): Totals {
  const sum = (key: "usage" | "quota" | "sent") => mailboxes.reduce((all, each) => all + (each[key] ?? 0), 0);
  const complete = (key: "usage" | "quota" | "sent") => mailboxes.every((each) => each[key] !== null);
  return {
    mailboxes: mailboxes.length,
    usage: sum("usage"),
    quota: sum("quota"),
    unlimited: mailboxes.filter((each) => each.quota === 0).length,
    sent: sum("sent"),
    tight: mailboxes.filter(isTight).length,
    complete: { usage: complete("usage"), quota: complete("quota"), sent: complete("sent") },
  };
}
