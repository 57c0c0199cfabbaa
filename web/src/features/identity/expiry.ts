/** When a new token shall end, as people choose it. */

export const EXPIRIES = ["d30", "d90", "d365", "date", "never"] as const;
export type Expiry = (typeof EXPIRIES)[number];

const DAY_MS = 86_400_000;

/** The moment for the API; a chosen day counts to its end in the reader's zone. */
export function expiresAt(choice: Expiry, day: string, now: Date): string | null {
  if (choice === "never") return null;
  if (choice === "date") return new Date(`${day}T23:59:59`).toISOString();
  return new Date(now.getTime() + Number(choice.slice(1)) * DAY_MS).toISOString();
}

/** Today in the reader's zone, as date inputs want it. */
export function today(now: Date = new Date()): string {
  const [month, day] = [now.getMonth() + 1, now.getDate()].map((each) => String(each).padStart(2, "0"));
  return `${now.getFullYear()}-${month}-${day}`;
}
