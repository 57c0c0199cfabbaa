/** One job: live while it runs, with everything that came of it. */
import { Alert, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useMe } from "@/features/identity/api";
import { useTranslation } from "@/text";
import { Ago, CopyValue, Page, QueryView } from "@/ui";
import { AppLink } from "@/ui/AppLink";
import { JobProgress } from "./JobProgress";
import { JobResults } from "./JobResults";
import { useJobName } from "./names";
import { Passwords } from "./Passwords";
import { isOver, type Job, jobQuery } from "./queries";
import { Steps } from "./Steps";

const route = getRouteApi("/jobs/$job");
const POLL_MS = 3000;

export function JobPage() {
  const { t } = useTranslation("jobs");
  const { job: id } = route.useParams();
  const jobName = useJobName();
  const job = useQuery({
    ...jobQuery(id),
    // The stream tells how far it is; the rows themselves are asked for now and then.
    refetchInterval: ({ state }) => (state.data && !isOver(state.data.data) ? POLL_MS : false),
  });
  return (
    <Page
      title={t("one", { name: job.data ? jobName(job.data.data) : "…" })}
      lead={<AppLink to="/jobs">{t("title")}</AppLink>}
    >
      <QueryView query={job}>
        {(found) => (
          <Stack gap="lg">
            <JobProgress id={id} linked={false} />
            {found.error && (
              <Alert color="red" title={t("failure")}>
                {found.error.message}
              </Alert>
            )}
            <Secrets job={found} />
            {found.steps.length > 0 && <Steps steps={found.steps} />}
            <JobResults job={found} />
            <Facts job={found} />
          </Stack>
        )}
      </QueryView>
    </Page>
  );
}

/** Only an import makes passwords, and only its creator may see them. */
function Secrets({ job }: { job: Job }) {
  const me = useMe();
  if (job.kind !== "mailbox.import" || job.created_by !== me.email || !isOver(job)) return null;
  return <Passwords key={job.id} id={job.id} />;
}

function Facts({ job }: { job: Job }) {
  const { t } = useTranslation("jobs");
  const facts = [
    { label: t("facts.by"), value: job.created_by === "system" ? t("system") : job.created_by },
    { label: t("facts.created"), value: <Ago at={job.created_at} /> },
    { label: t("facts.started"), value: <Ago at={job.started_at} /> },
    { label: t("facts.finished"), value: <Ago at={job.finished_at} /> },
    { label: t("facts.id"), value: <CopyValue value={job.id} what={t("facts.id")} /> },
  ];
  return (
    <SimpleGrid cols={{ base: 1, xs: 2, md: 5 }}>
      {facts.map(({ label, value }) => (
        <div key={label}>
          <Title order={2} size="sm">
            {label}
          </Title>
          <Text size="sm" component="div">
            {value}
          </Text>
        </div>
      ))}
    </SimpleGrid>
  );
}
