/**
 * A CSV file as rows for the API. It decides what the columns mean and checks the shape only; what is in the cells is
 * the server's to judge, so they stay as they are (the mark before formulas, too).
 */
import Papa from "papaparse";
import { MAX_ROWS } from "./limits";

/** What a column may be called, as the server takes it; the first name is the one that is shown. */
const NAMES: Record<string, string> = {
  username: "username",
  user: "username",
  email: "email",
  mailbox: "email",
  address: "email",
  password: "password",
  pass: "password",
  quota: "quota",
  limit: "limit",
  recovery_email: "recovery_email",
  recovery: "recovery_email",
  domain: "domain",
};

/** Cells by column, and where the row begins in the file. Blank cells are left out. */
export type ImportRow = Record<string, string> & { line: string };

export type Mark = "," | ";" | "\t";

export type Problem =
  | { kind: "empty" }
  | { kind: "noName"; columns: string }
  | { kind: "twice"; column: string }
  | { kind: "quote" | "afterQuote"; line: number }
  | { kind: "cells"; line: number; found: number; wanted: number; mark: Mark }
  | { kind: "many"; found: number };

export interface Parsed {
  rows: ImportRow[];
  /** Columns that mean something, by their own names in the file's order. */
  columns: string[];
  ignored: string[];
  /** With any of these nothing is sent. */
  problems: Problem[];
}

interface Line {
  cells: string[];
  line: number;
  /** What the parser says of its quotation marks. */
  fault: "quote" | "afterQuote" | null;
}

export function parseCsv(text: string): Parsed {
  const content = text.replace(/^\uFEFF/, "");
  const mark = markOf(content);
  const [header, ...lines] = linesOf(content, mark);
  if (!header) return { rows: [], columns: [], ignored: [], problems: [{ kind: "empty" }] };
  const names = header.cells.map((cell) => cell.trim());
  const known = names.map((name) => {
    const lowered = name.toLowerCase();
    return Object.hasOwn(NAMES, lowered) ? NAMES[lowered] : undefined;
  });
  const problems = [
    ...problemsOfHeader(header, names, known),
    ...lines.flatMap((line) => problemOf(line, names.length, mark)),
  ];
  if (lines.length === 0) problems.push({ kind: "empty" });
  if (lines.length > MAX_ROWS) problems.push({ kind: "many", found: lines.length });
  return {
    rows: lines.map((line) => rowOf(line, known)),
    columns: names.filter((_, n) => known[n]),
    ignored: names.filter((name, n) => name && !known[n]),
    problems,
  };
}

/** What parts the cells: the mark that the line with the names has most of; the names themselves have none in them. */
function markOf(text: string): Mark {
  const header = text.split(/\r\n|\n|\r/).find((line) => line.trim()) ?? "";
  const marks: readonly Mark[] = [",", ";", "\t"];
  const count = (mark: Mark) => header.split(mark).length;
  return marks.reduce((best, mark) => (count(mark) > count(best) ? mark : best));
}

/** Lines with anything in them. A quoted cell may hold line breaks, so rows and lines are not the same. */
function linesOf(text: string, delimiter: Mark): Line[] {
  const lines: Line[] = [];
  let [place, line] = [0, 1];
  Papa.parse<string[]>(text, {
    delimiter,
    step: ({ data, errors, meta }) => {
      const missing = errors.some((error) => error.code === "MissingQuotes");
      const fault = missing ? "quote" : errors.some((error) => error.code === "InvalidQuotes") ? "afterQuote" : null;
      if (data.some((cell) => cell.trim())) lines.push({ cells: data, line, fault });
      line += breaksIn(text.slice(place, meta.cursor));
      place = meta.cursor;
    },
  });
  return lines;
}

function breaksIn(text: string): number {
  return text.match(/\r\n|\n|\r/g)?.length ?? 0;
}

function problemsOfHeader(header: Line, names: string[], known: ReadonlyArray<string | undefined>): Problem[] {
  if (header.fault) return [{ kind: header.fault, line: header.line }];
  if (!known.some((each) => each === "username" || each === "email")) {
    return [{ kind: "noName", columns: names.join(", ") }];
  }
  const twice = known.findIndex((each, n) => each && known.indexOf(each) < n);
  return twice < 0 ? [] : [{ kind: "twice", column: names[twice] ?? "" }];
}

function problemOf({ cells, line, fault }: Line, wanted: number, mark: Mark): Problem[] {
  if (fault) return [{ kind: fault, line }];
  const surplus = cells.slice(wanted).some((cell) => cell.trim());
  return surplus ? [{ kind: "cells", line, found: cells.length, wanted, mark }] : [];
}

function rowOf({ cells, line }: Line, known: ReadonlyArray<string | undefined>): ImportRow {
  const row: ImportRow = { line: String(line) };
  known.forEach((name, n) => {
    const cell = cells[n];
    if (name && cell) row[name] = cell;
  });
  return row;
}
