import { describe, expect, it } from "vitest";
import { type Columns, order, search } from "./columns";

interface Row {
  name: string;
  size: number | null;
}

const columns: Columns<Row> = [
  { id: "name", header: "Name", value: (row) => row.name, keywords: (row) => (row.size === null ? "unmeasured" : "") },
  { id: "size", header: "Size", value: (row) => row.size },
];
const rows: Row[] = [
  { name: "box10", size: 5 },
  { name: "box2", size: null },
  { name: "Anna", size: 70 },
];
const names = (found: readonly Row[]) => found.map((row) => row.name);

describe("order", () => {
  it("goes by the reader's idea of numbers and letters", () => {
    expect(names(order(rows, columns, "name"))).toEqual(["Anna", "box2", "box10"]);
    expect(names(order(rows, columns, "-name"))).toEqual(["box10", "box2", "Anna"]);
  });

  it("puts what is not known last, in both directions", () => {
    expect(names(order(rows, columns, "size"))).toEqual(["box10", "Anna", "box2"]);
    expect(names(order(rows, columns, "-size"))).toEqual(["Anna", "box10", "box2"]);
  });

  it("leaves rows alone for a column that is not there, and never changes the given list", () => {
    expect(order(rows, columns, "nonsense")).toBe(rows);
    order(rows, columns, "name");
    expect(names(rows)).toEqual(["box10", "box2", "Anna"]);
  });
});

describe("search", () => {
  it("finds each word in any column, in any case", () => {
    expect(names(search(rows, columns, "BOX"))).toEqual(["box10", "box2"]);
    expect(names(search(rows, columns, "box 5"))).toEqual(["box10"]);
    expect(names(search(rows, columns, " "))).toEqual(names(rows));
  });

  it("finds keywords, and not across columns", () => {
    expect(names(search(rows, columns, "unmeasured"))).toEqual(["box2"]);
    expect(search(rows, columns, "anna70")).toEqual([]);
  });
});
