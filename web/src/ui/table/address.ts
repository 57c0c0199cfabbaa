/** Where a table stands (search, order, page) is part of the address. The root route names these parameters. */
import { useNavigate, useSearch } from "@tanstack/react-router";
import * as v from "valibot";

export const PAGE_SIZES = [25, 50, 100] as const;

const word = v.optional(v.fallback(v.pipe(v.string(), v.maxLength(200)), ""));

/** A number such as 42 in the address arrives as a number, though it was searched for as a word. */
const query = v.optional(v.fallback(v.pipe(v.union([v.string(), v.number(), v.boolean()]), v.transform(String)), ""));

export const tableSearch = v.object({
  /** What is searched for. */
  q: query,
  /** A column's id; a leading `-` turns the order round. */
  sort: word,
  page: v.optional(v.fallback(v.pipe(v.number(), v.integer(), v.minValue(1)), 1)),
  size: v.optional(v.fallback(v.picklist(PAGE_SIZES), 25)),
});

export type TableSearch = v.InferOutput<typeof tableSearch>;

export function useTableAddress(defaultSort = ""): {
  place: Required<TableSearch>;
  go: (change: Partial<TableSearch>) => void;
} {
  const search: TableSearch = useSearch({ strict: false });
  const navigate = useNavigate();
  const place = {
    q: search.q ?? "",
    sort: search.sort || defaultSort,
    page: search.page ?? 1,
    size: search.size ?? 25,
  };
  const go = (change: Partial<TableSearch>) =>
    void navigate({
      to: ".",
      search: (before: object) => tidy({ ...before, ...change }) as never,
      // Typing in the search is one step for the Back button, not one a letter.
      replace: "q" in change,
      resetScroll: false,
    });
  return { place, go };
}

/** What says nothing is not in the address. */
function tidy(search: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(search).filter(
      ([key, value]) => value !== "" && value !== undefined && !(key === "page" && value === 1),
    ),
  );
}
