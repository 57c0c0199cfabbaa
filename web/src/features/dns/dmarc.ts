/**
 * DMARC records (RFC 7489 and its successor): reading their tags, changing one and leaving all else as it was, and
 * which of two protects better. The text is the truth; the fields of the editor are a view of it.
 */

export type Policy = "none" | "quarantine" | "reject";
export type Alignment = "r" | "s";

export const POLICIES: readonly Policy[] = ["none", "quarantine", "reject"];
export const ALIGNMENTS: readonly Alignment[] = ["r", "s"];

const KNOWN = ["v", "p", "sp", "np", "adkim", "aspf", "fo", "rf", "ri", "pct", "rua", "ruf", "psd", "t"];
const NAME = /^[A-Za-z][A-Za-z0-9_]*$/;
export const REPORTS = ["rua", "ruf"] as const;
/** A URI, and how large a report may be; as the server has it. */
const ADDRESS = /^(mailto:[^\s@!]+@[^\s@!]+|(?!mailto:)[a-z][a-z0-9+.-]*:[^\s!]+)(![0-9]+[kmgt]?)?$/i;
const VERSION = /^v\s*=\s*DMARC1\s*$/;

/** The tags by their lower-case names; of a tag that stands twice the first, and the record is not valid anyway. */
export function tagsOf(text: string): Map<string, string> {
  const tags = new Map<string, string>();
  for (const { name, value } of namedParts(text)) if (!tags.has(name)) tags.set(name, value);
  return tags;
}

/** All that a record says of a tag, for people: of one that stands twice both, for neither of them counts. */
export function tagValue(text: string, name: string): string {
  const values = namedParts(text).flatMap((part) => (part.name === name ? [part.value] : []));
  return values.join(", ");
}

/** The text with one tag changed where it stands, added behind the others, or taken out (empty value); it stands once. */
export function withTag(text: string, name: string, value: string): string {
  const written = `${name}=${value.trim()}`;
  const parts = pieces(text);
  const place = parts.findIndex((piece) => split(piece).name.toLowerCase() === name);
  const others = parts.filter((piece) => split(piece).name.toLowerCase() !== name);
  if (value.trim() === "") return join(others);
  // Nothing of that name stands before its first place.
  if (place >= 0) return join(others.toSpliced(place, 0, written));
  if (name === "v") return join([written, ...others]);
  // Receivers want the policy right behind the version.
  if (name === "p") return join(others.toSpliced(1, 0, written));
  return join([...others, written]);
}

/** What keeps receivers from honouring it, by a word for the catalogue. */
export type Problem =
  | { is: "version" | "noPolicy" | "pct" }
  | { is: "form" | "twice" | "address"; what: string }
  | { is: "value"; what: string; value: string };

export function problemsOf(text: string): Problem[] {
  const parts = pieces(text);
  const tags = tagsOf(text);
  const problems: Problem[] = [];
  if (!VERSION.test(parts[0] ?? "")) problems.push({ is: "version" });
  const seen = new Set<string>();
  for (const piece of parts) {
    const name = split(piece).name.toLowerCase();
    if (!piece.includes("=") || !NAME.test(name)) problems.push({ is: "form", what: piece });
    else if (seen.has(name)) problems.push({ is: "twice", what: name });
    seen.add(name);
  }
  if (!tags.has("p")) problems.push({ is: "noPolicy" });
  for (const [names, allowed] of [
    [["p", "sp", "np"], POLICIES],
    [["adkim", "aspf"], ALIGNMENTS],
  ] as const) {
    for (const name of names) {
      const value = tags.get(name)?.toLowerCase();
      if (value !== undefined && !(allowed as readonly string[]).includes(value))
        problems.push({ is: "value", what: name, value });
    }
  }
  const share = tags.get("pct");
  if (share !== undefined && !(/^\d{1,3}$/.test(share) && Number(share) <= 100)) problems.push({ is: "pct" });
  const addresses = REPORTS.flatMap((name) => (tags.has(name) ? [wrongAddress(tags.get(name) ?? "")] : []));
  return [...problems, ...addresses.flatMap((what) => (what === undefined ? [] : [{ is: "address" as const, what }]))];
}

/** The first of these addresses that reports cannot be sent to. */
export function wrongAddress(addresses: string): string | undefined {
  return addresses
    .split(",")
    .map((each) => each.trim())
    .find((each) => !ADDRESS.test(each) || each.includes(";"));
}

/** Tags that receivers do not know and ignore; they are kept all the same. */
export function unknownTags(text: string): string[] {
  return [...tagsOf(text).keys()].filter((name) => !KNOWN.includes(name));
}

/** Whether `wanted` protects worse than `published` in any respect. What is not valid protects from nothing. */
export function isWeaker(wanted: string, published: string): boolean {
  if (problemsOf(published).length > 0) return false;
  if (problemsOf(wanted).length > 0) return true;
  const [ours, theirs] = [strictness(wanted), strictness(published)];
  return ours.some((value, place) => value < (theirs[place] ?? 0));
}

/** Numbers that grow with strictness: p, sp, np, adkim, aspf, pct; unstated tags count as their defaults. */
function strictness(text: string): number[] {
  const tags = tagsOf(text);
  const value = (name: string, otherwise: string) => (tags.get(name) ?? otherwise).toLowerCase();
  const p = value("p", "none");
  const sp = value("sp", p);
  const testing = value("t", "n") === "y";
  const level = (policy: string) => POLICIES.indexOf(policy as Policy);
  const alignment = (name: string) => ALIGNMENTS.indexOf(value(name, "r") as Alignment);
  const share = testing ? 0 : Number(value("pct", "100"));
  return [level(p), level(sp), level(value("np", sp)), alignment("adkim"), alignment("aspf"), share];
}

/** Addresses as people type them become the addresses (URIs) that the record wants. */
export function asReportAddresses(typed: string): string {
  return typed
    .split(",")
    .map((each) => each.trim())
    .filter(Boolean)
    .map((each) => (!/^[a-z][a-z0-9+.-]*:/i.test(each) && each.includes("@") ? `mailto:${each}` : each))
    .join(",");
}

/** Domains other than `domain` that reports go to: they must agree to it in their own DNS. */
export function foreignReportDomains(text: string, domain: string): string[] {
  const addresses = REPORTS.flatMap((name) => tagValue(text, name).split(","));
  const hosts = addresses.flatMap((each) => {
    const host = /^\s*mailto:[^@]+@([^!\s]+)/i.exec(each)?.[1];
    return host ? [host.toLowerCase()] : [];
  });
  const same = (host: string) => host === domain || host.endsWith(`.${domain}`) || domain.endsWith(`.${host}`);
  return [...new Set(hosts)].filter((host) => !same(host));
}

const pieces = (text: string): string[] =>
  text
    .split(";")
    .map((piece) => piece.trim())
    .filter(Boolean);

const namedParts = (text: string) =>
  pieces(text)
    .filter((piece) => piece.includes("="))
    .map(split)
    .map(({ name, value }) => ({ name: name.toLowerCase(), value }))
    .filter(({ name }) => NAME.test(name));

function split(piece: string): { name: string; value: string } {
  const at = piece.indexOf("=");
  if (at < 0) return { name: piece, value: "" };
  return { name: piece.slice(0, at).trim(), value: piece.slice(at + 1).trim() };
}

const join = (parts: readonly string[]): string => parts.map((part) => `${part};`).join(" ");
