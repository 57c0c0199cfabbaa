/** Jobs of the last days that failed, wholly or in part. */
import { Group, Stack, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { JobStateBadge, useKindName } from "@/features/jobs/api";
import { useTranslation } from "@/text";
import { Ago, ErrorNotice } from "@/ui";
import { AppLink } from "@/ui/AppLink";
import { failedJobsQuery } from "./queries";

const DAYS_MS = 3 * 86_400_000;
const SHOWN = 5;

export function FailedJobs() {
  const { t } = useTranslation("fleet");
  const kindName = useKindName();
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
              {kindName(job.kind)}
            </AppLink>
            <JobStateBadge state={job.state} />
            <Ago at={job.created_at} />
          </Group>
        ))}
      </Stack>
    </Stack>
  );
}
