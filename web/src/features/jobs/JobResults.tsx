/** What came of a job, in the form of its kind. */
import { Anchor, Group, Stack, Text, Title } from "@mantine/core";
import { IconCheck, IconDownload, IconMinus, IconPlayerStop, IconQuestionMark, IconX } from "@tabler/icons-react";
import { useTranslation } from "@/text";
import { type Column, DataTable } from "@/ui";
import { AppLink } from "@/ui/AppLink";
import { type Look, StateBadge } from "@/ui/StateBadge";
import { ImportSummary } from "./ImportSummary";
import type { Job } from "./queries";
import {
  type ImportedRow,
  importedRows,
  type RepairedDomain,
  ROW_STATES,
  type RowState,
  repairedDomains,
} from "./results";
import { useRowErrors } from "./rowErrors";

export function JobResults({ job }: { job: Job }) {
  const { t } = useTranslation("jobs");
  const shown = resultsOf(job);
  if (!shown || !job.results) return null;
  return (
    <Stack gap="sm">
      <Title order={2} size="h4">
        {t("results")}
      </Title>
      {shown}
    </Stack>
  );
}

function resultsOf(job: Job) {
  switch (job.kind) {
    case "mailbox.import":
      return <ImportResults job={job} />;
    case "dns.fix_bulk":
      return <RepairResults job={job} />;
    case "fleet.refresh":
      return <RefreshResults job={job} />;
    default:
      return null;
  }
}

function ImportResults({ job }: { job: Job }) {
  const { t } = useTranslation("jobs");
  const inWords = useRowErrors();
  const columns: Column<ImportedRow>[] = [
    { id: "line", header: t("row.line"), value: (row) => row.line, narrow: true },
    { id: "email", header: t("row.email"), value: (row) => row.email || null },
    { id: "state", header: t("row.state"), value: (row) => row.state, cell: (row) => <RowBadge state={row.state} /> },
    { id: "message", header: t("row.message"), value: (row) => inWords(row.message) || null },
  ];
  return (
    <>
      <Group justify="space-between">
        <ImportSummary job={job} />
        <Anchor href={`/api/jobs/${encodeURIComponent(job.id)}/results.csv`} download size="sm">
          <Group gap={4} component="span">
            <IconDownload size={16} aria-hidden />
            {t("download")}
          </Group>
        </Anchor>
      </Group>
      <DataTable
        label={t("results")}
        rows={importedRows(job.results)}
        rowKey={(row) => String(row.line)}
        columns={columns}
        defaultSort="line"
        empty={<Text>{t("row.empty")}</Text>}
      />
    </>
  );
}

const LOOKS: Record<RowState, Look> = {
  created: { color: "green", icon: IconCheck },
  already_exists: { color: "gray", icon: IconMinus },
  created_unconfirmed: { color: "yellow", icon: IconQuestionMark },
  failed: { color: "red", icon: IconX },
  cancelled: { color: "gray", icon: IconPlayerStop },
  unknown: { color: "yellow", icon: IconQuestionMark },
};

function RowBadge({ state }: { state: string }) {
  const { t } = useTranslation("jobs");
  const known = ROW_STATES.find((each) => each === state) ?? "unknown";
  return <StateBadge look={LOOKS[known]}>{t(`row.${known}`)}</StateBadge>;
}

function RepairResults({ job }: { job: Job }) {
  const { t } = useTranslation("jobs");
  const columns: Column<RepairedDomain>[] = [
    {
      id: "domain",
      header: t("domain.name"),
      value: (row) => row.domain,
      cell: (row) => (
        <AppLink to="/domains/$domain/dns" params={{ domain: row.domain }}>
          {row.domain}
        </AppLink>
      ),
    },
    { id: "result", header: t("domain.result"), value: (row) => row.message, cell: (row) => <Repaired row={row} /> },
  ];
  return (
    <DataTable
      label={t("results")}
      rows={repairedDomains(job.results)}
      rowKey={(row) => row.domain}
      columns={columns}
      defaultSort="domain"
      empty={<Text>{t("row.empty")}</Text>}
    />
  );
}

function Repaired({ row }: { row: RepairedDomain }) {
  const { t } = useTranslation("jobs");
  if (!row.success) return <Text size="sm">{`${t("domain.failed")}: ${row.message}`}</Text>;
  const parts = [
    [t("domain.fixed"), row.fixed],
    [t("domain.conflicts"), row.conflicts],
    [t("domain.skipped"), row.skipped],
  ] as const;
  const shown = parts.filter(([, keys]) => keys.length > 0).map(([name, keys]) => `${name}: ${keys.join(", ")}`);
  return <Text size="sm">{shown.join(" · ") || t("domain.nothing")}</Text>;
}

function RefreshResults({ job }: { job: Job }) {
  const { t } = useTranslation("jobs");
  const { domains, unread } = job.results ?? {};
  if (typeof domains !== "number") return null;
  return <Text size="sm">{t("refreshed", { count: domains, unread: Number(unread) || 0 })}</Text>;
}
