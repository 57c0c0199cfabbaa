/** All jobs that the person may see, newest first. */
import { Group, NativeSelect, Text } from "@mantine/core";
import { IconChecklist } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useTranslation } from "@/text";
import { Ago, type Column, ErrorNotice, Freshness, GrowingTable, Loading, Page } from "@/ui";
import { AppLink } from "@/ui/AppLink";
import { Nothing } from "@/ui/Nothing";
import { JobStateBadge } from "./JobStateBadge";
import { useJobName, useKindName } from "./names";
import { isOver, type Job, jobsQuery, KINDS, STATES } from "./queries";

const route = getRouteApi("/jobs");
const POLL_MS = 4000;

export function JobsPage() {
  const { t } = useTranslation("jobs");
  const { state = "", kind = "" } = route.useSearch();
  const navigate = route.useNavigate();
  const jobs = useInfiniteQuery({
    ...jobsQuery({ state, kind }),
    // While something is under way the list follows it.
    refetchInterval: ({ state: found }) =>
      found.data?.pages.some((page) => page.data.some((job) => !isOver(job))) ? POLL_MS : false,
  });
  const columns = useColumns();
  return (
    <Page title={t("title")} lead={t("lead")}>
      <Filters state={state} kind={kind} />
      {jobs.error && <ErrorNotice error={jobs.error} onRetry={() => void jobs.refetch()} />}
      {jobs.isPending && <Loading />}
      {jobs.data && (
        <>
          <GrowingTable
            label={t("list")}
            rows={jobs.data.pages.flatMap((page) => page.data)}
            rowKey={(job) => job.id}
            columns={columns}
            pages={jobs}
            empty={
              <Nothing
                icon={<IconChecklist size={36} aria-hidden />}
                title={t("empty")}
                hint={t("emptyHint")}
                filter={
                  Boolean(state || kind) && {
                    title: t("emptyFiltered"),
                    clear: t("clearFilter"),
                    onClear: () => void navigate({ search: {} }),
                  }
                }
              />
            }
          />
          <Freshness
            at={new Date(jobs.dataUpdatedAt).toISOString()}
            onRefresh={() => void jobs.refetch()}
            busy={jobs.isFetching}
          />
        </>
      )}
    </Page>
  );
}

function useColumns(): Column<Job>[] {
  const { t } = useTranslation("jobs");
  const jobName = useJobName();
  return [
    {
      id: "kind",
      header: t("column.kind"),
      value: (job) => job.kind,
      cell: (job) => (
        <AppLink to="/jobs/$job" params={{ job: job.id }}>
          {jobName(job)}
        </AppLink>
      ),
    },
    {
      id: "state",
      header: t("column.state"),
      value: (job) => job.state,
      cell: (job) => <JobStateBadge state={job.state} />,
    },
    { id: "progress", header: t("column.progress"), value: () => null, cell: (job) => <Done job={job} /> },
    {
      id: "by",
      header: t("column.by"),
      value: (job) => job.created_by,
      cell: (job) => (job.created_by === "system" ? t("system") : job.created_by),
    },
    { id: "at", header: t("column.at"), value: (job) => job.created_at, cell: (job) => <Ago at={job.created_at} /> },
  ];
}

function Done({ job }: { job: Job }) {
  const { t } = useTranslation("jobs");
  const { done, total } = job.progress;
  // A set-up counts nothing: its steps tell.
  if (total === null && done === 0) return "–";
  return <Text size="sm">{total === null ? t("progressOpen", { done }) : t("progress", { done, total })}</Text>;
}

function Filters({ state, kind }: { state: string; kind: string }) {
  const { t } = useTranslation("jobs");
  const kindName = useKindName();
  const navigate = route.useNavigate();
  const any = { value: "", label: t("filter.any") };
  const set = (change: { state?: string; kind?: string }) =>
    void navigate({ search: (before) => ({ ...before, ...change }) });
  return (
    <Group gap="sm" align="flex-end">
      <NativeSelect
        label={t("filter.kind")}
        value={kind}
        data={[any, ...KINDS.map((each) => ({ value: each, label: kindName(each) }))]}
        onChange={(event) => set({ kind: event.currentTarget.value || undefined })}
      />
      <NativeSelect
        label={t("filter.state")}
        value={state}
        data={[any, ...STATES.map((each) => ({ value: each, label: t(`state.${each}`) }))]}
        onChange={(event) => set({ state: event.currentTarget.value || undefined })}
      />
    </Group>
  );
}
