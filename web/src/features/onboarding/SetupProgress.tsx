/** One set-up as it goes on: its phases, what it waits for, what is to be published, how it ended. */
import { Button, Group, Paper, Stack, Text, Title } from "@mantine/core";
import { IconPlayerStop } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { CancelJob, domainOf, isOver, type Job, jobQuery, useLiveJob, useStepName } from "@/features/jobs/api";
import { useTranslation } from "@/text";
import { ErrorNotice, Loading, StatusBadge } from "@/ui";
import { AppLink } from "@/ui/AppLink";
import { Ended } from "./Ended";
import { Phases } from "./Phases";
import { phasesOf, type SetupStep, type StepState } from "./setup";
import { Waiting } from "./Waiting";

const LOOKS: Record<StepState, string> = {
  pending: "skipped",
  running: "pending",
  waiting: "pending",
  done: "pass",
  skipped: "skipped",
  failed: "fail",
};

export function SetupProgress({ id, domain }: { id: string; domain: string }) {
  const queries = useQueryClient();
  const first = useQuery(jobQuery(id));
  const live = useLiveJob(id, () => {
    for (const key of ["domains", "fleet", "me"]) void queries.invalidateQueries({ queryKey: [key] });
  });
  const job = live.job ?? first.data?.data;
  if (!job) {
    if (first.error) return <ErrorNotice error={first.error} onRetry={() => void first.refetch()} />;
    return <Loading />;
  }
  return <Followed job={job} domain={domain || domainOf(job)} />;
}

function Followed({ job, domain }: { job: Job; domain: string }) {
  const { t } = useTranslation("domains");
  const [cancelling, setCancelling] = useState(false);
  const phases = phasesOf(job);
  return (
    <Stack gap="lg">
      <Phases of={phases} />
      {isOver(job) ? <Ended job={job} domain={domain} /> : <Waiting job={job} />}
      {phases
        .filter((phase) => phase.steps.length > 0)
        .map((phase) => (
          <Paper key={phase.name} withBorder p="md" maw={900}>
            <Stack gap="sm">
              <Title order={2} size="h5">
                {t(`wizard.phase.${phase.name}`)}
              </Title>
              {phase.steps.map((step) => (
                <StepLine key={step.name} step={step} />
              ))}
            </Stack>
          </Paper>
        ))}
      <Group gap="md">
        {!isOver(job) && (
          <>
            <Text size="sm">{t("wizard.leave")}</Text>
            <Button
              size="xs"
              variant="default"
              leftSection={<IconPlayerStop size={16} aria-hidden />}
              onClick={() => setCancelling(true)}
            >
              {t("wizard.cancel")}
            </Button>
          </>
        )}
        <AppLink to="/jobs/$job" params={{ job: job.id }} size="sm">
          {t("wizard.job")}
        </AppLink>
      </Group>
      {cancelling && <CancelJob id={job.id} onClose={() => setCancelling(false)} />}
    </Stack>
  );
}

function StepLine({ step }: { step: SetupStep }) {
  const { t } = useTranslation("jobs");
  const name = useStepName()(step.name);
  return (
    <Group gap="sm" align="flex-start" wrap="nowrap" role="group" aria-label={name}>
      <div style={{ width: "6.5rem", flexShrink: 0 }}>
        <StatusBadge status={LOOKS[step.state]} label={t(`step.${step.state}`)} />
      </div>
      <div style={{ minWidth: 0 }}>
        <Text size="sm" fw={600}>
          {name}
        </Text>
        {step.message && (
          <Text size="sm" style={{ overflowWrap: "anywhere" }}>
            {step.message}
          </Text>
        )}
      </div>
    </Group>
  );
}
