/** Where two sets of records differ, in pieces that are shown as they are. */
import type { Key } from "./queries";

export interface Piece {
  text: string;
  /** Not in the other set. */
  differs: boolean;
}

export interface Compared {
  /** One list of pieces for each record. */
  left: Piece[][];
  right: Piece[][];
}

/** A part of a record that stands for itself, and what it is compared by. */
interface Token {
  text: string;
  /** The same meaning, the same word; empty: only separates. */
  meaning: string;
  /** `p` of `p=none`: where both sides have the name, only the value is marked. */
  name?: string;
}

/** Values from this length on are compared letter by letter: keys. */
const LONG = 40;
/** Fewer common letters than this are chance. */
const COMMON = 8;

export function diff(key: string, left: readonly string[], right: readonly string[]): Compared {
  const cut = cutter(key);
  const [ours, theirs] = [left.map(cut), right.map(cut)];
  return {
    left: ours.map((each) => marked(each, theirs.flat())),
    right: theirs.map((each) => marked(each, ours.flat())),
  };
}

/**
 * What is expected beside what was found. Other senders in an SPF record and further tags are nobody's fault, so of
 * these nothing is marked on the side of what was found; where nothing was found, nothing is marked at all.
 */
export function compare(key: Key, expected: readonly string[], found: readonly string[]): Compared {
  const compared = diff(key, expected, found);
  if (found.length === 0) return { left: compared.left.map(plain), right: [] };
  if (key === "spf") return { left: compared.left.map(anyAll), right: compared.right.map(plain) };
  if (key !== "dmarc" && key !== "dkim") return compared;
  const wanted = new Set(expected.flatMap((text) => tagTokens(text).map((token) => token.name)));
  return {
    left: compared.left,
    right: found.map((text, place) => {
      const names = tagTokens(text).map((token) => token.name);
      return wanted.size > 0 && names.some((name) => name && wanted.has(name))
        ? onlyShared(compared.right[place] ?? [], text, wanted)
        : (compared.right[place] ?? []);
    }),
  };
}

const plain = (pieces: readonly Piece[]): Piece[] => pieces.map((piece) => ({ ...piece, differs: false }));

/** How strict the `all` at the end is, is the owner's choice. */
const anyAll = (pieces: readonly Piece[]): Piece[] =>
  pieces.map((piece) => ({ ...piece, differs: piece.differs && !/^[-+~?]?all$/i.test(piece.text) }));

/** Marks stay only within tags that the other side has, too. */
function onlyShared(pieces: readonly Piece[], text: string, wanted: ReadonlySet<string | undefined>): Piece[] {
  let at = 0;
  const spans = tagTokens(text).map((token) => {
    const from = at;
    at += token.text.length;
    return { from, to: at, shared: token.name !== undefined && wanted.has(token.name) };
  });
  let place = 0;
  return pieces.map((piece) => {
    const span = spans.find((each) => place >= each.from && place < each.to);
    place += piece.text.length;
    return { ...piece, differs: piece.differs && (span?.shared ?? false) };
  });
}

function cutter(key: string): (text: string) => Token[] {
  if (key === "mx") return hostToken;
  if (key === "spf") return termTokens;
  if (key === "dmarc" || key === "dkim") return tagTokens;
  return (text) => [{ text, meaning: text.trim().toLowerCase().replace(/\.$/, "") }];
}

/** The order of mail exchangers and their priorities are nobody's business: the host counts. */
function hostToken(text: string): Token[] {
  const host = text.trim().split(/\s+/).at(-1) ?? "";
  return [{ text, meaning: host.toLowerCase().replace(/\.$/, "") }];
}

function termTokens(text: string): Token[] {
  return text
    .split(/(\s+)/)
    .filter(Boolean)
    .map((part) => ({ text: part, meaning: part.trim().toLowerCase() }));
}

function tagTokens(text: string): Token[] {
  return text
    .split(/(\s*;\s*)/)
    .filter(Boolean)
    .map((part) => {
      if (/^\s*;\s*$/.test(part)) return { text: part, meaning: "" };
      const [name = "", ...value] = part.split("=");
      const tag = name.trim().toLowerCase();
      return { text: part, meaning: `${tag}=${value.join("=").trim()}`, name: tag };
    });
}

function marked(tokens: readonly Token[], others: readonly Token[]): Piece[] {
  const known = new Set(others.map((other) => other.meaning));
  return tokens.flatMap((token) => {
    if (token.meaning === "" || known.has(token.meaning)) return [{ text: token.text, differs: false }];
    const twin = token.name === undefined ? undefined : others.find((other) => other.name === token.name);
    return twin ? letters(token.text, twin.text) : [{ text: token.text, differs: true }];
  });
}

/** Of two long values only the part between what they have in common. */
function letters(text: string, other: string): Piece[] {
  if (text.length < LONG || other.length < LONG) return [{ text, differs: true }];
  const shorter = Math.min(text.length, other.length);
  let start = 0;
  while (start < shorter && text[start] === other[start]) start += 1;
  let end = 0;
  while (end < shorter - start && text.at(-1 - end) === other.at(-1 - end)) end += 1;
  if (start + end < COMMON) return [{ text, differs: true }];
  const middle = text.slice(start, text.length - end);
  return [
    { text: text.slice(0, start), differs: false },
    // Something was left out here: there is no letter of its own to mark.
    { text: middle, differs: middle !== "" },
    { text: text.slice(text.length - end), differs: false },
  ].filter((piece) => piece.text !== "");
}
