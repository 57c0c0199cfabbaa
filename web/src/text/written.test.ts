import { expect, it } from "vitest";
import { type Catalogue, written } from "./written";

const words: Catalogue = {
  plain: "Hello {{name}}, {{name}}!",
  rows_one: "{{count}} row",
  rows_other: "{{count}} rows",
  boxes_zero: "no box",
  boxes_other: "{{count}} boxes",
  deep: { down: "there" },
};
const text = (key: string, values = {}) => written(words, "en", key, values);

it("puts values in, each wherever it stands, and nothing of theirs is read again", () => {
  expect(text("plain", { name: "{{count}}" })).toBe("Hello {{count}}, {{count}}!");
  expect(text("plain", { name: "$&" })).toBe("Hello $&, $&!");
  expect(text("plain")).toBe("Hello , !");
});

it("chooses the form for a count", () => {
  expect(text("rows", { count: 1 })).toBe("1 row");
  expect(text("rows", { count: 0 })).toBe("0 rows");
  expect(text("rows", { count: 20000 })).toBe("20,000 rows");
  expect(text("boxes", { count: 0 })).toBe("no box");
  expect(text("boxes", { count: 1 })).toBe("1 boxes");
});

it("finds what lies deeper, and shows a key that is not there", () => {
  expect(text("deep.down")).toBe("there");
  expect(text("deep")).toBe("deep");
  expect(text("toString.name")).toBe("toString.name");
});
