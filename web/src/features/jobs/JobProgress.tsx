/** A job that is followed live wherever it was started: how far it is, what it waits for, the way to its own page. */
import { Button, Group, Paper, Progress, Stack, Text } from "@mantine/core";
import { IconPlayerStop, IconPlugConnectedX } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "@/text";
import { ErrorNotice, SkeletonLines } from "@/ui";
import { AppLink } from "@/ui/AppLink";
import { duration } from "@/ui/format";
import { useNow } from "@/ui/useNow";
import { CancelJob } from "./CancelJob";
import { JobStateBadge } from "./JobStateBadge";
import { useKindName } from "./names";
import { isOver, type Job, jobQuery } from "./queries";
import { timeLeft } from "./timeLeft";
import { useLiveJob } from "./useLiveJob";
import { Waiting } from "./Waiting";

interface JobProgressProps {
  id: string;
  /** Called once with the job's last state. */
  onEnd?: (job: Job) => void;
  /** On the job's own page there is nothing to link to. */
  linked?: boolean;
}

export function JobProgress({ id, onEnd, linked = true }: JobProgressProps) {
  const { t } = useTranslation("jobs");
  const first = useQuery(jobQuery(id));
  const live = useLiveJob(id, onEnd);
  const [cancelling, setCancelling] = useState(false);
  const now = useNow();
  const job = live.job ?? first.data?.data;
  const at = live.job ? live.at : first.dataUpdatedAt;

  if (!job) {
    if (first.error) return <ErrorNotice error={first.error} onRetry={() => void first.refetch()} />;
    return <SkeletonLines count={2} />;
  }
  return (
    <Paper withBorder p="md">
      <Stack gap="sm">
        <Group justify="space-between">
          <JobStateBadge state={job.state} />
          {!isOver(job) && (
            <Button
              size="xs"
              variant="default"
              leftSection={<IconPlayerStop size={16} aria-hidden />}
              onClick={() => setCancelling(true)}
            >
              {t("cancel")}
            </Button>
          )}
        </Group>
        <Bar job={job} left={timeLeft(job, at, now)} />
        <Waiting job={job} />
        {live.broken && !isOver(job) && (
          <Group gap="xs" role="status">
            <IconPlugConnectedX size={18} aria-hidden />
            <Text size="sm">{t("live")}</Text>
          </Group>
        )}
        {linked && (
          <Group gap="md">
            {!isOver(job) && <Text size="sm">{t("leave")}</Text>}
            <AppLink to="/jobs/$job" params={{ job: id }} size="sm">
              {t("open")}
            </AppLink>
          </Group>
        )}
      </Stack>
      {cancelling && <CancelJob id={id} onClose={() => setCancelling(false)} />}
    </Paper>
  );
}

function Bar({ job, left }: { job: Job; left: number | null }) {
  const { t } = useTranslation("jobs");
  const kindName = useKindName();
  const { done, total } = job.progress;
  const share = total ? (done / total) * 100 : isOver(job) ? 100 : 0;
  const color = job.state === "failed" ? "red" : job.state === "partly_failed" ? "yellow" : undefined;
  return (
    <Stack gap={4}>
      <Progress
        value={share}
        color={color}
        striped={job.state === "running"}
        animated={job.state === "running"}
        aria-label={t("progressOf", { kind: kindName(job.kind) })}
        size="lg"
      />
      <Text size="sm">
        <span role="status">{total === null ? t("progressOpen", { done }) : t("progress", { done, total })}</span>
        {left !== null && ` · ${t("eta", { time: duration(left) })}`}
      </Text>
    </Stack>
  );
}
