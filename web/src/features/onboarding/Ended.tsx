/** How a set-up ended, and where to go from there. */
import { Alert, Group, Stack, Text } from "@mantine/core";
import { IconAlertTriangle, IconCircleCheck, IconPlayerStop } from "@tabler/icons-react";
import type { Job } from "@/features/jobs/api";
import { useTranslation } from "@/text";
import { AppButton } from "@/ui/AppLink";
import { conflictsOf, stepsOf } from "./setup";

interface EndedProps {
  job: Job;
  /** Empty while nobody knows it. */
  domain: string;
}

export function Ended({ job, domain }: EndedProps) {
  const { t } = useTranslation("domains");
  const registered = stepsOf(job).some((step) => step.name === "register" && step.state === "done");
  const conflicts = conflictsOf(job);
  const failed = stepsOf(job).find((step) => step.state === "failed");
  const look = job.state === "queued" || job.state === "running" ? LOOKS.failed : LOOKS[job.state];
  return (
    <Alert
      role="status"
      color={look.color}
      icon={<look.icon aria-hidden />}
      title={t(`wizard.end.${look.word}`)}
      maw={900}
    >
      <Stack gap="sm">
        <Text size="sm">{t(`wizard.endHint.${look.word}`)}</Text>
        {job.error && <Text size="sm">{job.error.message}</Text>}
        {failed && job.state !== "succeeded" && <Text size="sm">{failed.message}</Text>}
        {conflicts.length > 0 && <Text size="sm">{t("wizard.leftAlone", { checks: conflicts.join(", ") })}</Text>}
        <Group gap="sm">
          {registered && domain && (
            <>
              <AppButton to="/email-accounts/$domain" params={{ domain }} search={{ panel: "create" }}>
                {t("wizard.toMailboxes")}
              </AppButton>
              <AppButton variant="default" to="/domains/$domain/dns" params={{ domain }}>
                {t("wizard.toDns")}
              </AppButton>
            </>
          )}
          {look.word !== "succeeded" && (
            <AppButton variant="default" to="/domains/new" search={{ domain: domain || undefined }}>
              {t("wizard.again")}
            </AppButton>
          )}
          <AppButton variant="default" to="/domains/new" search={{}}>
            {t("wizard.another")}
          </AppButton>
        </Group>
      </Stack>
    </Alert>
  );
}

const LOOKS = {
  succeeded: { word: "succeeded", color: "green", icon: IconCircleCheck },
  partly_failed: { word: "partly", color: "yellow", icon: IconAlertTriangle },
  failed: { word: "failed", color: "red", icon: IconAlertTriangle },
  cancelled: { word: "cancelled", color: "gray", icon: IconPlayerStop },
} as const;
