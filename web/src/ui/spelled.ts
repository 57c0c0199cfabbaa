/**
 * Characters that nobody sees, and that turn round what is seen: control and format characters, spaces other than the
 * one between words. Whoever publishes a record can put them into it; here they are shown by their number.
 */
export interface Piece {
  text: string;
  /** Not as it was written. */
  differs: boolean;
}

const UNSEEN = /([\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]|(?! )\p{Zs})/u;

/** The text in pieces; those that differ are numbers of characters. */
export function spelled(text: string): Piece[] {
  return text
    .split(UNSEEN)
    .map((part, place) => (place % 2 === 1 ? { text: numberOf(part), differs: true } : { text: part, differs: false }))
    .filter((piece) => piece.text !== "");
}

/** The same as one text, for labels. */
export const spelledOut = (text: string): string =>
  spelled(text)
    .map((piece) => (piece.differs ? `[${piece.text}]` : piece.text))
    .join("");

const numberOf = (letter: string): string =>
  `U+${(letter.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
