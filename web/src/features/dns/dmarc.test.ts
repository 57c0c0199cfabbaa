import { describe, expect, it } from "vitest";
import {
  asReportAddresses,
  foreignReportDomains,
  isWeaker,
  problemsOf,
  tagsOf,
  tagValue,
  unknownTags,
  withTag,
  wrongAddress,
} from "./dmarc";

const DEFAULT = "v=DMARC1; p=none; sp=none; adkim=r; aspf=r;";

describe("reading", () => {
  it("finds tags in odd spelling", () => {
    const tags = tagsOf("v = DMARC1 ;P= Reject;; rua=mailto:a@b.example?x=1 ;\tfo=1:d;");
    expect([...tags]).toEqual([
      ["v", "DMARC1"],
      ["p", "Reject"],
      ["rua", "mailto:a@b.example?x=1"],
      ["fo", "1:d"],
    ]);
  });

  it.each(["", "   ", ";;;", "no record at all", "=;=", "v=DMARC1", "\u0000;💥=1"])("survives %j", (text) => {
    expect(() => [tagsOf(text), withTag(text, "p", "none"), isWeaker(text, DEFAULT)]).not.toThrow();
    expect(problemsOf(text)).not.toEqual([]);
  });

  it("chooses none of two tags of one name: it shows both, and says that the record is not valid", () => {
    expect(tagValue("v=DMARC1; p=none; P=reject", "p")).toBe("none, reject");
    expect(tagValue("v=DMARC1; p=none", "p")).toBe("none");
    expect(tagValue("v=DMARC1; p=none", "sp")).toBe("");
    expect(problemsOf("v=DMARC1; p=none; p=reject")).toEqual([{ is: "twice", what: "p" }]);
  });

  it.each([
    ["mailto:a@b.example", undefined],
    [" mailto:a@b.example , mailto:c%2Cd@e.example!10m", undefined],
    ["https://r.example/x", undefined],
    ["a@b.example", "a@b.example"],
    ["mailto:a@b.example mailto:c@d.example", "mailto:a@b.example mailto:c@d.example"],
    ["mailto:a@b.example;mailto:c@d.example", "mailto:a@b.example;mailto:c@d.example"],
    ["mailto:Lee,Kim@b.example", "mailto:Lee"],
    ["mailto:a@b.example,", ""],
    ["", ""],
  ])("finds in %j the address that is none: %j", (addresses, wrong) => {
    expect(wrongAddress(addresses)).toBe(wrong);
    // A semicolon would end the tag before.
    if (wrong !== undefined && !addresses.includes(";"))
      expect(problemsOf(`v=DMARC1; p=none; rua=${addresses}`)).toEqual([{ is: "address", what: wrong }]);
  });

  it("names what is wrong", () => {
    expect(problemsOf("p=none; v=DMARC1")).toEqual([{ is: "version" }]);
    expect(problemsOf("v=DMARC1; sp=off; adkim=x; pct=101; junk")).toEqual([
      { is: "form", what: "junk" },
      { is: "noPolicy" },
      { is: "value", what: "sp", value: "off" },
      { is: "value", what: "adkim", value: "x" },
      { is: "pct" },
    ]);
    expect(problemsOf(DEFAULT)).toEqual([]);
  });
});

describe("writing", () => {
  it("changes one tag where it stands and keeps all else, unknown ones too", () => {
    const text = "v=DMARC1; P=none; x-new=What Ever; rua=mailto:a@b.example";
    expect(withTag(text, "p", "reject")).toBe("v=DMARC1; p=reject; x-new=What Ever; rua=mailto:a@b.example;");
    expect(unknownTags("v=DMARC1; p=none; zzz=1")).toEqual(["zzz"]);
  });

  it("adds a tag behind the others, but the policy behind the version", () => {
    expect(withTag(DEFAULT, "rua", "mailto:a@b.example")).toBe(`${DEFAULT} rua=mailto:a@b.example;`);
    expect(withTag("v=DMARC1; sp=none", "p", "reject")).toBe("v=DMARC1; p=reject; sp=none;");
    expect(withTag("", "v", "DMARC1")).toBe("v=DMARC1;");
  });

  it("leaves one of a tag that stood twice, where the first stood", () => {
    expect(withTag("v=DMARC1; p=none; sp=none; P=reject", "p", "quarantine")).toBe("v=DMARC1; p=quarantine; sp=none;");
    expect(withTag("v=DMARC1; p=none; rua=x:1; rua=x:2", "rua", "")).toBe("v=DMARC1; p=none;");
  });

  it("takes a tag out with an empty value", () => {
    expect(withTag(DEFAULT, "sp", " ")).toBe("v=DMARC1; p=none; adkim=r; aspf=r;");
    expect(withTag(DEFAULT, "ruf", "")).toBe(DEFAULT);
  });

  it("makes addresses of what people type", () => {
    expect(asReportAddresses(" a@b.example, https://r.example/x ,, mailto:c@d.example")).toBe(
      "mailto:a@b.example,https://r.example/x,mailto:c@d.example",
    );
    expect(asReportAddresses("")).toBe("");
  });
});

describe("comparing", () => {
  it.each([
    ["v=DMARC1; p=none", "v=DMARC1; p=reject", true],
    ["v=DMARC1; p=reject", "v=DMARC1; p=none", false],
    ["v=DMARC1; p=reject; sp=none", "v=DMARC1; p=reject", true],
    ["v=DMARC1; p=reject; pct=50", "v=DMARC1; p=reject", true],
    ["v=DMARC1; p=reject; t=y", "v=DMARC1; p=reject", true],
    ["v=DMARC1; p=reject; aspf=r", "v=DMARC1; p=reject; aspf=s", true],
    ["v=DMARC1; p=reject", "v=DMARC1; p=reject; sp=reject; rua=mailto:a@b.example", false],
    ["rubbish", "v=DMARC1; p=none", true],
    ["v=DMARC1; p=none", "rubbish", false],
  ])("%s weaker than %s: %s", (wanted, published, weaker) => {
    expect(isWeaker(wanted, published)).toBe(weaker);
  });

  it("finds the domains that must agree to receive reports", () => {
    const text = "v=DMARC1; p=none; rua=mailto:a@reports.test!10m,mailto:b@a.example; ruf=mailto:c@Reports.test";
    expect(foreignReportDomains(text, "a.example")).toEqual(["reports.test"]);
    expect(foreignReportDomains(text, "shop.a.example")).toEqual(["reports.test"]);
  });
});
