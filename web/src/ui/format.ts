/** Sizes, numbers and times as the reader's locale writes them. */

const KIB = 1024;
const UNITS = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"] as const;

/** Bytes in binary units with one decimal: `1.5 GiB`. */
export function bytes(value: number): string {
  let scaled = value;
  let unit = 0;
  while (Math.abs(scaled) >= KIB && unit < UNITS.length - 1) {
    scaled /= KIB;
    unit += 1;
  }
  // 1023.96 KiB would read "1,024.0 KiB".
  if (Math.abs(scaled) >= KIB - 0.05 && unit < UNITS.length - 1) {
    scaled /= KIB;
    unit += 1;
  }
  const digits = unit === 0 ? 0 : 1;
  return `${number(scaled, { minimumFractionDigits: digits, maximumFractionDigits: digits })} ${UNITS[unit]}`;
}

/** MXroute counts mailboxes in MB of 1024 × 1024 bytes. */
export function megabytes(value: number): string {
  return bytes(value * KIB * KIB);
}

// Making a formatter takes a third of a millisecond, and a table asks for hundreds: each is made once.
const numbers = new Map<string, Intl.NumberFormat>();
const dateTimes = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });
const dates = new Intl.DateTimeFormat(undefined, { dateStyle: "medium" });
const spans = new Intl.RelativeTimeFormat(undefined, { numeric: "auto", style: "short" });

export function number(value: number, options: Intl.NumberFormatOptions = {}): string {
  const key = JSON.stringify(options);
  const made = numbers.get(key) ?? new Intl.NumberFormat(undefined, options);
  numbers.set(key, made);
  return made.format(value);
}

/** A share from 0 to 1 as a whole percentage; never 100 % before it is full. */
export function percent(share: number): string {
  const shown = share < 1 ? Math.min(Math.floor(share * 100), 99) : Math.round(share * 100);
  return number(shown / 100, { style: "percent" });
}

/** Date and time in the reader's zone. */
export function dateTime(value: string | Date): string {
  return dateTimes.format(new Date(value));
}

export function date(value: string | Date): string {
  return dates.format(new Date(value));
}

const STEPS: ReadonlyArray<[limit: number, unit: Intl.RelativeTimeFormatUnit, seconds: number]> = [
  [60, "second", 1],
  [3600, "minute", 60],
  [86_400, "hour", 3600],
  [86_400 * 30, "day", 86_400],
  [86_400 * 365, "month", 86_400 * 30],
  [Number.POSITIVE_INFINITY, "year", 86_400 * 365],
];

/** `12 seconds ago`, `in 3 days`. */
export function relative(value: string | Date, now: number = Date.now()): string {
  const seconds = (new Date(value).getTime() - now) / 1000;
  const [, unit, size] = STEPS.find(([limit]) => Math.abs(seconds) < limit) ?? ["", "year", 86_400 * 365];
  return spans.format(Math.trunc(seconds / size), unit as Intl.RelativeTimeFormatUnit);
}

/** `3 min 20 s`: a span of whole seconds. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const parts: Array<[number, string]> = [
    [Math.floor(whole / 3600), "hour"],
    [Math.floor((whole % 3600) / 60), "minute"],
    [whole % 60, "second"],
  ];
  const shown = parts.filter(([amount]) => amount > 0).slice(0, 2);
  if (shown.length === 0) shown.push([0, "second"]);
  return shown.map(([amount, unit]) => number(amount, { style: "unit", unit, unitDisplay: "short" })).join(" ");
}
