/** The account's mailboxes added up. */
import type { MailboxSize } from "./queries";

export interface Storage {
  bytes: number;
  /** False: some mailbox's size is not known, so that it is at least so much. */
  complete: boolean;
}

/** Storage by domain. A domain of which MXroute lists no mailbox is not in it. */
export function storageByDomain(mailboxes: readonly MailboxSize[]): Map<string, Storage> {
  const sums = new Map<string, Storage>();
  for (const { email_address, size_bytes } of mailboxes) {
    const domain = email_address.slice(email_address.lastIndexOf("@") + 1).toLowerCase();
    const before = sums.get(domain) ?? { bytes: 0, complete: true };
    sums.set(domain, { bytes: before.bytes + (size_bytes ?? 0), complete: before.complete && size_bytes !== null });
  }
  return sums;
}

export interface Sized extends Storage {
  name: string;
}

/** The largest, the largest first. */
export function largest(sized: readonly Sized[], count: number): Sized[] {
  return sized
    .filter((each) => each.bytes > 0)
    .toSorted((a, b) => b.bytes - a.bytes)
    .slice(0, count);
}
