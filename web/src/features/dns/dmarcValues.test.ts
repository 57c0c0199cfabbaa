import { describe, expect, it } from "vitest";
import { type DmarcValues, recordOf, valuesOf, withText, wrongTyped } from "./dmarcValues";

const TEXT = "v=DMARC1; p=none; rua=mailto:a@b.example";
const values = (more: Partial<DmarcValues> = {}): DmarcValues => ({
  own: "own",
  dmarc_record: TEXT,
  rua: "mailto:a@b.example",
  ruf: "",
  ...more,
});

it("begins with the policy that holds", () => {
  const policy = { custom: true, custom_value: TEXT, default: "v=DMARC1; p=none", effective: TEXT, fingerprint: "f" };
  expect(valuesOf(policy)).toEqual(values());
  expect(valuesOf({ ...policy, custom: false, custom_value: null })).toMatchObject({ own: "default", rua: "" });
});

describe("what is saved", () => {
  it("is the text as it stands", () => {
    expect(recordOf(values())).toBe(TEXT);
    expect(recordOf(values({ own: "default", rua: "what ever" }))).toBeNull();
    const twice = `${TEXT}; rua=mailto:c@d.example`;
    expect(recordOf(withText(values(), twice))).toBe(twice);
  });

  it("has the addresses as they were typed last, also when the field was not left", () => {
    expect(recordOf(values({ rua: "x@y.example, z@y.example" }))).toBe(
      "v=DMARC1; p=none; rua=mailto:x@y.example,mailto:z@y.example;",
    );
    expect(recordOf(values({ rua: "" }))).toBe("v=DMARC1; p=none;");
  });
});

it("keeps what is being typed when another part of the text changes", () => {
  const typing = values({ ruf: "kim@" });
  expect(withText(typing, `${TEXT}; sp=none`).ruf).toBe("kim@");
  expect(withText(typing, `${TEXT}; ruf=mailto:c@d.example`).ruf).toBe("mailto:c@d.example");
});

it.each([
  ["a@b.example; c@d.example", "mailto:a@b.example; c@d.example"],
  ["a@b.example c@d.example", "mailto:a@b.example c@d.example"],
  ["kim", "kim"],
  ["a@b.example,c@d.example", undefined],
  ["", undefined],
  ["mailto:a@b.example", undefined],
])("refuses of %j: %j", (rua, wrong) => {
  expect(wrongTyped(values({ rua }), "rua")).toBe(wrong);
  expect(wrongTyped(values({ rua, own: "default" }), "rua")).toBeUndefined();
});
