import { expect, it } from "vitest";
import { fullness, isNearLimit, share, totals } from "./figures";
import type { Mailbox } from "./queries";

const mailbox = (figures: Partial<Mailbox>): Mailbox => ({
  username: "a",
  email: "a@example.com",
  quota: 1000,
  usage: 100,
  limit: 9600,
  sent: 1,
  suspended: false,
  recovery_email: null,
  has_recovery_email: false,
  ...figures,
});

it.each([
  [899.9, 1000, "fine"],
  [900, 1000, "nearlyFull"],
  [1000, 1000, "full"],
  [1200, 1000, "full"],
  [5000, 0, "fine"],
  [null, 0, "fine"],
  [null, 1000, "unknown"],
  [5, null, "unknown"],
] as const)("%s of %s MB is %s", (usage, quota, word) => {
  expect(fullness({ usage, quota })).toBe(word);
});

it("has no share without a quota", () => {
  expect(share({ usage: 5, quota: 0 })).toBeNull();
  expect(share({ usage: 250, quota: 1000 })).toBe(0.25);
});

it("knows who may soon send no more", () => {
  expect(isNearLimit({ sent: 9000, limit: 10_000 })).toBe(true);
  expect(isNearLimit({ sent: 8999, limit: 10_000 })).toBe(false);
  expect(isNearLimit({ sent: null, limit: 10 })).toBe(false);
  expect(isNearLimit({ sent: 10, limit: null })).toBe(false);
});

it("adds up what is known and says what is not", () => {
  const found = totals([
    mailbox({ usage: 950 }),
    mailbox({ usage: null, quota: 0, sent: 4 }),
    mailbox({ quota: null, sent: null }),
  ]);
  expect(found).toMatchObject({ mailboxes: 3, usage: 1050, quota: 1000, unlimited: 1, sent: 5, tight: 1 });
  expect(found.complete).toEqual({ usage: false, quota: false, sent: false });
  expect(totals([mailbox({})]).complete).toEqual({ usage: true, quota: true, sent: true });
});
