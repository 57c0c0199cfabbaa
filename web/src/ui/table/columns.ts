/** Columns, and what can be done with rows by them: search and order. */
import type { ReactNode } from "react";

export interface Column<Row> {
  id: string;
  header: string;
  /** What is sorted and searched; null and undefined sort last. */
  value: (row: Row) => string | number | null | undefined;
  /** What is shown; the value itself unless told. */
  cell?: (row: Row) => ReactNode;
  /** Words that the search finds besides the value (what a badge says, say). */
  keywords?: (row: Row) => string;
  sortable?: boolean;
  align?: "end";
  /** Kept on one line and as narrow as its content. */
  narrow?: boolean;
}

export type Columns<Row> = ReadonlyArray<Column<Row>>;

// One collator for all rows: making one for each comparison costs a second at a thousand rows.
const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });

/** The rows that hold each word of the search, in any column. */
export function search<Row>(rows: readonly Row[], columns: Columns<Row>, query: string): readonly Row[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return rows;
  return rows.filter((row) => {
    const hay = columns.map((column) => `${column.value(row) ?? ""} ${column.keywords?.(row) ?? ""}`).join("\n");
    const lowered = hay.toLowerCase();
    return words.every((word) => lowered.includes(word));
  });
}

/** The rows in the order of `sort`: a column's id, a leading `-` turns it round. An unknown column changes nothing. */
export function order<Row>(rows: readonly Row[], columns: Columns<Row>, sort: string): readonly Row[] {
  const descending = sort.startsWith("-");
  const column = columns.find((each) => each.id === sort.replace(/^-/, ""));
  if (!column) return rows;
  return rows.toSorted((a, b) => {
    const [left, right] = [column.value(a) ?? null, column.value(b) ?? null];
    if (left === null || right === null) return Number(left === null) - Number(right === null);
    const found =
      typeof left === "number" && typeof right === "number"
        ? left - right
        : collator.compare(String(left), String(right));
    return descending ? -found : found;
  });
}
