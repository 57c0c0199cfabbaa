/** What was found in the file: rows and columns, or why it cannot be used. */
import { Alert, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { type Translate, useTranslation } from "@/text";
import { number } from "@/ui/format";
import { MAX_ROWS } from "./limits";
import type { Mark, Parsed, Problem } from "./parse";

const SHOWN = 5;
const MARKS: Record<Mark, "comma" | "semicolon" | "tab"> = { ",": "comma", ";": "semicolon", "\t": "tab" };

export function Understood({ parsed }: { parsed: Parsed }) {
  const { t } = useTranslation("mailboxes");
  const { rows, columns, ignored, problems } = parsed;
  if (problems.length > 0) return <Problems of={problems} />;
  return (
    <Text size="sm" role="status" style={{ overflowWrap: "anywhere" }}>
      {[
        t("import.rows", { count: rows.length }),
        t("import.used", { columns: columns.join(", ") }),
        ignored.length > 0 && t("import.ignored", { columns: ignored.join(", ") }),
      ]
        .filter(Boolean)
        .join(" · ")}
    </Text>
  );
}

function Problems({ of }: { of: readonly Problem[] }) {
  const { t } = useTranslation("mailboxes");
  const shown = of.slice(0, SHOWN).map((problem) => told(problem, t));
  return (
    <Alert role="alert" color="red" icon={<IconAlertTriangle aria-hidden />} title={t("import.problems")}>
      <ul style={{ margin: 0 }}>
        {shown.map((each) => (
          <li key={each}>{each}</li>
        ))}
        {of.length > SHOWN && <li>{t("import.problem.more", { count: of.length - SHOWN })}</li>}
      </ul>
    </Alert>
  );
}

function told(problem: Problem, t: Translate<"mailboxes">): string {
  switch (problem.kind) {
    case "empty":
      return t("import.problem.empty");
    case "noName":
      return t("import.problem.noName", { columns: problem.columns });
    case "twice":
      return t("import.problem.twice", { column: problem.column });
    case "quote":
    case "afterQuote":
      return t(`import.problem.${problem.kind}`, { line: problem.line });
    case "cells": {
      const { line, found, wanted, mark } = problem;
      return t("import.problem.cells", { line, found, wanted, mark: t(`import.${MARKS[mark]}`) });
    }
    case "many":
      return t("import.problem.many", { found: number(problem.found), max: number(MAX_ROWS) });
  }
}
