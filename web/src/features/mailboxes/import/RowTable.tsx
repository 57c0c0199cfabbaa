/** The checked rows, each with what becomes of it and why. */
import { Text } from "@mantine/core";
import { IconAlertTriangle, IconCheck, IconMinus, IconX } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useRowErrors } from "@/features/jobs/api";
import { useTranslation } from "@/text";
import { type Column, DataTable } from "@/ui";
import { Foreign } from "@/ui/Foreign";
import { megabytes } from "@/ui/format";
import { type Look, StateBadge } from "@/ui/StateBadge";
import classes from "./import.module.css";
import type { ImportRow } from "./parse";
import type { CheckedRow, Verdict } from "./verdict";

interface RowTableProps {
  rows: readonly CheckedRow[];
  /** As the file has them, for what could not be understood. */
  given: readonly ImportRow[];
  judge: (row: CheckedRow) => Verdict;
  filter: ReactNode;
}

export function RowTable({ rows, given, judge, filter }: RowTableProps) {
  const { t } = useTranslation("mailboxes");
  const inWords = useRowErrors();
  const byLine = new Map(given.map((row) => [row.line, row]));
  const written = (row: CheckedRow) => {
    const cells = byLine.get(String(row.line));
    return row.email ?? cells?.email ?? cells?.username ?? null;
  };
  const size = (mb: number) => (mb === 0 ? t("unlimited") : megabytes(mb));
  const columns: Column<CheckedRow>[] = [
    {
      id: "mailbox",
      header: t("import.mailbox"),
      value: written,
      cell: (row) => (
        <div className={classes.mailbox}>
          <Foreign text={written(row) ?? "–"} />
        </div>
      ),
    },
    { id: "line", header: t("import.line"), value: (row) => row.line, narrow: true, align: "end" },
    {
      id: "result",
      header: t("import.result"),
      value: judge,
      keywords: (row) => `${t(`import.verdict.${judge(row)}`)} ${row.errors.map(inWords).join(" ")}`,
      cell: (row) => <Outcome row={row} found={judge(row)} />,
    },
    {
      id: "quota",
      header: t("import.quota"),
      value: (row) => row.quota,
      cell: (row) => (row.quota === null ? "–" : size(row.quota)),
      align: "end",
      narrow: true,
    },
    { id: "limit", header: t("import.limit"), value: (row) => row.limit, align: "end", narrow: true },
  ];
  if (rows.some((row) => row.recovery_email)) {
    columns.push({
      id: "recovery",
      header: t("import.recovery"),
      value: (row) => row.recovery_email,
      cell: (row) => <Foreign text={row.recovery_email ?? ""} />,
    });
  }
  return (
    <DataTable
      label={t("import.checked")}
      rows={rows}
      rowKey={(row) => String(row.line)}
      columns={columns}
      defaultSort="line"
      filters={filter}
      empty={
        <Text py="xl" ta="center">
          {t("import.noProblems")}
        </Text>
      }
    />
  );
}

const LOOKS: Record<Verdict, Look> = {
  create: { color: "green", icon: IconCheck },
  generate: { color: "green", icon: IconCheck },
  exists: { color: "gray", icon: IconMinus },
  duplicate: { color: "yellow", icon: IconAlertTriangle },
  password: { color: "yellow", icon: IconAlertTriangle },
  wrong: { color: "red", icon: IconX },
  forbidden: { color: "red", icon: IconX },
};

function Outcome({ row, found }: { row: CheckedRow; found: Verdict }) {
  const { t } = useTranslation("mailboxes");
  const inWords = useRowErrors();
  return (
    <div>
      <StateBadge look={LOOKS[found]}>{t(`import.verdict.${found}`, { domain: row.domain })}</StateBadge>
      {found === "wrong" &&
        row.errors.map((each) => (
          <Text key={each} size="sm">
            <Foreign text={inWords(each)} />
          </Text>
        ))}
    </div>
  );
}
