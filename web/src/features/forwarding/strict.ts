/** Destinations that switch on strict filtering for the whole domain, as the server's own rule has them. */
const STRICT = new Set([
  "gmail.com",
  "googlemail.com",
  "yahoo.com",
  "ymail.com",
  "rocketmail.com",
  "aol.com",
  "aim.com",
  "hotmail.com",
  "outlook.com",
  "live.com",
  "msn.com",
]);

/** The providers among the destinations that are filtered strictly, each once. */
export function strictProviders(destinations: readonly string[]): string[] {
  const providers = destinations.map((each) =>
    each
      .slice(each.lastIndexOf("@") + 1)
      .trim()
      .toLowerCase(),
  );
  return [...new Set(providers.filter((name) => STRICT.has(name) || name.startsWith("yahoo.")))].sort();
}
