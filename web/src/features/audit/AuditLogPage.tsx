/** Who changed what, filtered, followed live, downloaded. */
import { Anchor, Button, Code, Group } from "@mantine/core";
import { IconHistory } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { AdminsOnly } from "@/features/identity/api";
import { useTranslation } from "@/text";
import { Ago, type Column, ErrorNotice, Freshness, GrowingTable, Loading, Page } from "@/ui";
import { Nothing } from "@/ui/Nothing";
import { EntryPanel } from "./EntryPanel";
import { Filters } from "./Filters";
import { OutcomeBadge } from "./OutcomeBadge";
import { downloadAddress, type Entry, type LogFilter, logsQuery } from "./queries";

const route = getRouteApi("/audit-log");
const LIVE_MS = 2500;

export function AuditLogPage() {
  return (
    <AdminsOnly>
      <AuditLog />
    </AdminsOnly>
  );
}

function AuditLog() {
  const { t } = useTranslation("audit");
  const { date = "", actor = "", action = "", target = "", q = "", live = false, entry } = route.useSearch();
  const navigate = route.useNavigate();
  const filter: LogFilter = { date, actor, action, target, q };
  const filtered = Object.values(filter).some((value) => value !== "");
  const logs = useInfiniteQuery({ ...logsQuery(filter), refetchInterval: live ? LIVE_MS : false });
  const columns = useColumns();
  const open = (id?: number) => void navigate({ search: (before) => ({ ...before, entry: id }), resetScroll: false });
  const entries = logs.data?.pages.flatMap((page) => page.data.entries) ?? [];
  return (
    <Page
      title={t("title")}
      lead={t("lead")}
      actions={
        <Group gap="md">
          <Anchor href={downloadAddress(filter, "csv")} download>
            {t("downloadCsv")}
          </Anchor>
          <Anchor href={downloadAddress(filter, "jsonl")} download>
            {t("downloadJsonl")}
          </Anchor>
        </Group>
      }
    >
      <Filters filter={filter} live={live} days={logs.data?.pages[0]?.data.available_dates ?? []} />
      {logs.error && <ErrorNotice error={logs.error} onRetry={() => void logs.refetch()} />}
      {logs.isPending && <Loading />}
      {logs.data && (
        <>
          <GrowingTable
            label={t("list")}
            rows={entries}
            rowKey={(each) => String(each.id)}
            columns={columns}
            pages={logs}
            actions={(each) => <ShowButton entry={each} onShow={() => open(each.id)} />}
            empty={
              <Nothing
                icon={<IconHistory size={36} aria-hidden />}
                title={t("empty")}
                hint={t("emptyHint")}
                filter={
                  filtered && {
                    title: t("emptyFiltered"),
                    clear: t("filter.clear"),
                    onClear: () => void navigate({ search: live ? { live } : {} }),
                  }
                }
              />
            }
          />
          <Freshness
            at={new Date(logs.dataUpdatedAt).toISOString()}
            onRefresh={() => void logs.refetch()}
            busy={logs.isFetching && !live}
          />
          <EntryPanel id={entry} entries={entries} onClose={() => open()} />
        </>
      )}
    </Page>
  );
}

function useColumns(): Column<Entry>[] {
  const { t } = useTranslation("audit");
  return [
    {
      id: "time",
      header: t("column.time"),
      value: (entry) => entry.timestamp,
      cell: (entry) => <Ago at={entry.timestamp} />,
    },
    { id: "user", header: t("column.user"), value: (entry) => entry.user },
    {
      id: "action",
      header: t("column.action"),
      value: (entry) => entry.action,
      cell: (entry) => <Code>{entry.action}</Code>,
    },
    { id: "target", header: t("column.target"), value: (entry) => entry.target },
    {
      id: "outcome",
      header: t("column.outcome"),
      value: (entry) => entry.outcome,
      cell: (entry) => <OutcomeBadge entry={entry} />,
    },
  ];
}

function ShowButton({ entry, onShow }: { entry: Entry; onShow: () => void }) {
  const { t } = useTranslation("audit");
  return (
    <Button size="compact-sm" variant="default" onClick={onShow}>
      {t("showShort")}
      <span className="unseen"> {t("show", { action: entry.action, target: entry.target })}</span>
    </Button>
  );
}
