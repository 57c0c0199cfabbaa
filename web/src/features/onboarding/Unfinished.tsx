/** Set-ups that are under way, to be taken up again. */
import { Group, Paper, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { domainOf, isOver, type Job, useStepName } from "@/features/jobs/api";
import { useTranslation } from "@/text";
import { Ago, ErrorNotice } from "@/ui";
import { AppButton } from "@/ui/AppLink";
import { setupsQuery } from "./queries";
import { currentStep } from "./setup";

export function Unfinished() {
  const { t } = useTranslation("domains");
  const setups = useQuery(setupsQuery);
  if (setups.error && !setups.data) return <ErrorNotice error={setups.error} onRetry={() => void setups.refetch()} />;
  const open = (setups.data?.data ?? []).filter((job) => !isOver(job));
  if (open.length === 0) return null;
  return (
    <Paper withBorder p="md" maw={720} component="section" aria-labelledby="unfinished">
      <Stack gap="sm">
        <Title order={2} size="h4" id="unfinished">
          {t("wizard.unfinished")}
        </Title>
        {open.map((job) => (
          <OpenSetup key={job.id} job={job} />
        ))}
      </Stack>
    </Paper>
  );
}

function OpenSetup({ job }: { job: Job }) {
  const { t } = useTranslation("domains");
  const stepName = useStepName();
  const domain = domainOf(job);
  const step = currentStep(job);
  return (
    <Group justify="space-between" gap="sm">
      <div style={{ minWidth: 0 }}>
        <Text fw={600} style={{ overflowWrap: "anywhere" }}>
          {domain || t("wizard.unnamed")}
        </Text>
        <Text size="sm" c="dimmed">
          {step ? stepName(step.name) : t("wizard.queued")} · {t("wizard.started")} <Ago at={job.created_at} />
        </Text>
      </div>
      <AppButton
        size="xs"
        variant="default"
        to="/domains/new"
        search={{ domain: domain || undefined, job: job.id }}
        aria-label={t("wizard.resumeNamed", { domain: domain || t("wizard.unnamed") })}
      >
        {t("wizard.resume")}
      </AppButton>
    </Group>
  );
}
