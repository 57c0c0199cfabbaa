/**
 * What is to be imported, from the choice of a file to the job. It lives as long as the page: going a step back loses
 * nothing, and what was checked counts only for exactly the rows and the domain that were checked.
 */
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { onceOnly, type Schema } from "@/api/client";
import { may, useMe } from "@/features/identity/api";
import type { ImportRow, Parsed } from "./parse";
import { checkRows, startImport } from "./queries";
import { NOTHING, type Source } from "./source";
import { useParsed } from "./useParsed";
import { isCreated, verdict } from "./verdict";

export interface Checked {
  source: Source;
  domain: string;
  rows: ImportRow[];
  preview: Schema<"ImportPreview">;
}

export interface Draft {
  source: Source;
  setSource: (source: Source) => void;
  parsed: Parsed | undefined;
  parseError: Error | undefined;
  domain: string;
  setDomain: (domain: string) => void;
  generate: boolean;
  setGenerate: (generate: boolean) => void;
  /** Undefined until the rows as they are now were checked. */
  checked: Checked | undefined;
  check: { mutate: () => void; isPending: boolean; error: Error | null };
  start: { mutate: () => void; isPending: boolean; error: Error | null };
  /** How many of the checked rows are no part of the job that was started. */
  leftOut: (job: string) => number;
}

interface Place {
  domain: string;
  onDomain: (domain: string) => void;
  onChecked: () => void;
  onStarted: (job: string) => void;
}

export function useDraft({ domain, onDomain, onChecked, onStarted }: Place): Draft {
  const me = useMe();
  const [source, setSource] = useState(NOTHING);
  const [generate, setGenerate] = useState(false);
  const [kept, setKept] = useState<Checked>();
  const [left, setLeft] = useState({ job: "", count: 0 });
  const [once, setOnce] = useState(onceOnly);
  const { parsed, error: parseError } = useParsed(source.text);
  const checked = kept?.source === source && kept.domain === domain ? kept : undefined;

  const check = useMutation({
    mutationFn: async (): Promise<Checked> => {
      const rows = parsed?.rows ?? [];
      return { source, domain, rows, preview: (await checkRows({ rows, domain })).data };
    },
    onSuccess: (found) => {
      setKept(found);
      setOnce(onceOnly());
      onChecked();
    },
  });
  const start = useMutation({
    mutationFn: async ({ rows, domain, preview }: Checked) => {
      // What the check said will be created, and nothing else.
      const judged = { generate, mayManage: (name: string) => may(me, name, "emails") };
      const lines = new Set(
        preview.rows.filter((row) => isCreated(verdict(row, judged))).map((row) => String(row.line)),
      );
      const wanted = rows.filter((row) => lines.has(row.line));
      const { data } = await startImport({ rows: wanted, domain }, generate, once);
      return { job: data.id, count: rows.length - wanted.length };
    },
    onSuccess: (started) => {
      setLeft(started);
      // What was checked is no longer so: Back leads to a new check.
      setKept(undefined);
      onStarted(started.job);
    },
  });

  return {
    source,
    setSource: (next) => {
      setSource(next);
      check.reset();
      start.reset();
    },
    parsed,
    parseError,
    domain,
    setDomain: (next) => {
      onDomain(next);
      check.reset();
      start.reset();
    },
    generate,
    setGenerate: (next) => {
      setGenerate(next);
      // Another answer to the same question is another import.
      setOnce(onceOnly());
    },
    checked,
    check: { ...check, mutate: () => check.mutate() },
    start: { ...start, mutate: () => checked && start.mutate(checked) },
    leftOut: (job) => (left.job === job ? left.count : 0),
  };
}
