import { describe, expect, it } from "vitest";
import { compare, diff, type Piece } from "./diff";

const marks = (pieces: readonly Piece[] | undefined) =>
  (pieces ?? []).filter((piece) => piece.differs).map((piece) => piece.text);
const whole = (pieces: readonly Piece[] | undefined) => (pieces ?? []).map((piece) => piece.text).join("");

describe("compare", () => {
  it("marks what an SPF record lacks and leaves its other senders alone", () => {
    const found = "v=spf1 include:_spf.google.com ~all";
    const { left, right } = compare("spf", ["v=spf1 include:mxroute.com -all"], [found]);
    expect(marks(left[0])).toEqual(["include:mxroute.com"]);
    expect(marks(right[0])).toEqual([]);
    expect(whole(right[0])).toBe(found);
  });

  it("compares mail exchangers by host, whatever their order, priority and case", () => {
    const { left, right } = compare("mx", ["10 a.example", "20 b.example"], ["5 B.EXAMPLE.", "1 other.test"]);
    expect(left.map(marks)).toEqual([["10 a.example"], []]);
    expect(right.map(marks)).toEqual([[], ["1 other.test"]]);
  });

  it("compares DMARC by tags, and does not blame further ones", () => {
    const { left, right } = compare(
      "dmarc",
      ["v=DMARC1; p=reject; adkim=s;"],
      ["v=DMARC1;p=none ; rua=mailto:a@b.example"],
    );
    expect(marks(left[0])).toEqual(["p=reject", "adkim=s"]);
    expect(marks(right[0])).toEqual(["p=none"]);
    expect(whole(right[0])).toBe("v=DMARC1;p=none ; rua=mailto:a@b.example");
  });

  it("finds the letters in which two keys differ", () => {
    const start = `v=DKIM1; k=rsa; p=${"A".repeat(30)}`;
    const { left, right } = compare("dkim", [`${start}xyz${"B".repeat(30)}`], [`${start}q${"B".repeat(30)}`]);
    expect(marks(left[0])).toEqual(["xyz"]);
    expect(marks(right[0])).toEqual(["q"]);
  });

  it("marks nothing where nothing was found", () => {
    const { left, right } = compare("mx", ["10 a.example"], []);
    expect(marks(left[0])).toEqual([]);
    expect(right).toEqual([]);
  });

  it("takes names and fixed values as a whole", () => {
    const { left, right } = compare("mail", ["eagle.mxlogin.com"], ["127.0.0.1", "EAGLE.mxlogin.com."]);
    expect(left.map(marks)).toEqual([[]]);
    expect(right.map(marks)).toEqual([["127.0.0.1"], []]);
  });
});

describe("diff", () => {
  it("marks both sides of a change", () => {
    const { left, right } = diff("spf", ["v=spf1 mx ~all"], ["v=spf1 mx include:mxroute.com ~all"]);
    expect(left.map(marks)).toEqual([[]]);
    expect(right.map(marks)).toEqual([["include:mxroute.com"]]);
  });

  it("keeps texts that are no records at all as they are", () => {
    const odd = ["", ";;", "  ", "p", "=x"];
    const { left } = diff("dmarc", odd, ["v=DMARC1"]);
    expect(left.map(whole)).toEqual(odd);
  });
});
