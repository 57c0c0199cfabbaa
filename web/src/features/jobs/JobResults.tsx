/** What came of a job, in the form of its kind. */
import { Anchor, Badge, Group, Stack, Text, Title } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useTranslation } from "@/text";
import { type Column, DataTable } from "@/ui";
import { AppLink } from "@/ui/AppLink";
import type { Job } from "./queries";
import { type ImportedRow, importedRows, importSummary, type RepairedDomain, repairedDomains } from "./results";

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

const COLORS: Record<string, string> = {
  created: "green",
  already_exists: "gray",
  created_unconfirmed: "yellow",
  failed: "red",
};
const ROW_STATES = ["created", "already_exists", "created_unconfirmed", "failed", "cancelled", "unknown"] as const;

function ImportResults({ job }: { job: Job }) {
  const { t } = useTranslation("jobs");
  const summary = importSummary(job.results);
  const columns: Column<ImportedRow>[] = [
    { id: "line", header: t("row.line"), value: (row) => row.line, narrow: true },
    { id: "email", header: t("row.email"), value: (row) => row.email || null },
    { id: "state", header: t("row.state"), value: (row) => row.state, cell: (row) => <RowState state={row.state} /> },
    { id: "message", header: t("row.message"), value: (row) => row.message || null, cell: (row) => row.message },
  ];
  return (
    <>
      <Group justify="space-between">
        <Text size="sm">
          {ROW_STATES.filter((state) => summary[state])
            .map((state) => t(`summary.${state}`, { count: summary[state] ?? 0 }))
            .join(" · ")}
        </Text>
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

function RowState({ state }: { state: string }) {
  const { t } = useTranslation("jobs");
  const known = ROW_STATES.find((each) => each === state);
  return (
    <Badge variant="light" color={COLORS[state] ?? "gray"}>
      {known ? t(`row.${known}`) : state}
    </Badge>
  );
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
