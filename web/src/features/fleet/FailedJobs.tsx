/** Jobs of the last days that failed, wholly or in part. */
import { Group, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { JobStateBadge, useJobName } from "@/features/jobs/api";
import { useTranslation } from "@/text";
import { Ago, ErrorNotice } from "@/ui";
import { AppLink } from "@/ui/AppLink";
import { failedJobsQuery } from "./queries";

const DAYS_MS = 3 * 86_400_000;
const SHOWN = 5;
/** From so many on there may be more than were asked for: see `failedJobsQuery`. */
const ASKED = 20;
const STATES = ["failed", "partly_failed"] as const;

export function FailedJobs() {
  const { t } = useTranslation("fleet");
  const jobName = useJobName();
  const jobs = useQuery(failedJobsQuery);
  if (jobs.error && !jobs.data) return <ErrorNotice error={jobs.error} onRetry={() => void jobs.refetch()} />;
  const recent = (jobs.data?.data ?? []).filter((job) => Date.now() - Date.parse(job.created_at) < DAYS_MS);
  if (recent.length === 0) return null;
  return (
    <Stack gap={6}>
      <Title order={3} size="h5">
        {t("failedJobs")}
      </Title>
      <Stack component="ul" gap={6} m={0} p={0} style={{ listStyle: "none" }}>
        {recent.slice(0, SHOWN).map((job) => (
          <Group key={job.id} component="li" gap="xs">
            <AppLink to="/jobs/$job" params={{ job: job.id }}>
              {jobName(job)}
            </AppLink>
            <JobStateBadge state={job.state} />
            <Ago at={job.created_at} />
          </Group>
        ))}
      </Stack>
      {recent.length > SHOWN && (
        <Group gap="xs">
          <Text size="sm">
            {t(recent.length < ASKED ? "failedShown" : "failedMany", { shown: SHOWN, count: recent.length })}
          </Text>
          {STATES.filter((state) => recent.some((job) => job.state === state)).map((state) => (
            <AppLink key={state} to="/jobs" search={{ state }} size="sm">
              {t(`failedAll.${state}`)}
            </AppLink>
          ))}
        </Group>
      )}
    </Stack>
  );
}
