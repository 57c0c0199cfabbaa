/** Passwords that are hard to guess and easy to read aloud. */

// Without what looks alike: 0 O o, 1 l I.
const UPPER = "ABCDEFGHJKLMNPQRSTUVWXYZ";
const LOWER = "abcdefghijkmnpqrstuvwxyz";
const DIGITS = "23456789";
const ALL = UPPER + LOWER + DIGITS;
const LENGTH = 20;

/** 20 characters, some 115 bits; an upper, a lower and a digit are in it, as MXroute asks. */
export function generatePassword(): string {
  for (;;) {
    const made = Array.from({ length: LENGTH }, () => ALL[below(ALL.length)]).join("");
    if ([UPPER, LOWER, DIGITS].every((kind) => [...made].some((each) => kind.includes(each)))) return made;
  }
}

/** A whole number below `limit`, each as likely as the others: what does not divide evenly is thrown away. */
function below(limit: number): number {
  const [fair, drawn] = [256 - (256 % limit), new Uint8Array(1)];
  do crypto.getRandomValues(drawn);
  while ((drawn[0] ?? 0) >= fair);
  return (drawn[0] ?? 0) % limit;
}
