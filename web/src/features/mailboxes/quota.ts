/** A quota as people give it: an amount in a unit, or none at all. The API counts in MB of 1024 × 1024 bytes. */

export const UNITS = ["MiB", "GiB"] as const;
export type Unit = (typeof UNITS)[number];

const SIZE: Record<Unit, number> = { MiB: 1, GiB: 1024 };

/** MB for the API; null for what is no size. 0 is kept for "unlimited" and no size by itself. */
export function toMb(amount: string | number, unit: Unit): number | null {
  const given = typeof amount === "number" ? amount : Number(amount.trim() || Number.NaN);
  const mb = Math.round(given * SIZE[unit]);
  return Number.isFinite(mb) && mb > 0 ? mb : null;
}

/** The larger unit wherever it stays a short number: `1.5 GiB`, `700 MiB`. */
export function fromMb(mb: number): { amount: number; unit: Unit } {
  const gib = mb / SIZE.GiB;
  return mb >= SIZE.GiB && Number.isInteger(gib * 4) ? { amount: gib, unit: "GiB" } : { amount: mb, unit: "MiB" };
}
