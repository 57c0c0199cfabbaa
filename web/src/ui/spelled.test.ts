import { describe, expect, it } from "vitest";
import { dns } from "@/text/en/dns";
import { spelled, spelledOut } from "./spelled";

describe("spelling out", () => {
  it.each([
    ["a\u202Eb", "a[U+202E]b"],
    ["\u2066x\u2069", "[U+2066]x[U+2069]"],
    ["tab\tline\r\nnul\u0000", "tab[U+0009]line[U+000D][U+000A]nul[U+0000]"],
    ["zero\u200Bwidth\u200Djoin\uFEFF\u00AD", "zero[U+200B]width[U+200D]join[U+FEFF][U+00AD]"],
    ["no-break\u00A0space\u3000", "no-break[U+00A0]space[U+3000]"],
    ["\u{E0041}", "[U+E0041]"],
    ["half \uD800", "half [U+D800]"],
    ["\u2028\u2029\u0085\u007F", "[U+2028][U+2029][U+0085][U+007F]"],
  ])("%j", (text, seen) => {
    expect(spelledOut(text)).toBe(seen);
  });

  it.each(["", "v=spf1 include:mxroute.com ~all", "bücher.example", "日本語 עברית 💥"])("leaves %j alone", (text) => {
    expect(spelled(text).map((piece) => [piece.text, piece.differs])).toEqual(text ? [[text, false]] : []);
  });

  it("has nothing to do in our own sentences", () => {
    const said = JSON.stringify(dns);
    expect(spelledOut(said)).toBe(said);
  });
});
