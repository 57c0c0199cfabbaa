/** What a set-up waits for, until when, and what people have to do meanwhile. */
import { Alert, Paper, Stack, Text, Title } from "@mantine/core";
import { IconHourglass } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { RecordList } from "@/features/dns/api";
import type { Job } from "@/features/jobs/api";
import { useTranslation } from "@/text";
import { CopyValue } from "@/ui";
import { dateTime, relative } from "@/ui/format";
import { useNow } from "@/ui/useNow";
import { currentStep, givesUpAt, isManual, nameServersOf, toPublish, toRemove } from "./setup";

export function Waiting({ job }: { job: Job }) {
  const { t } = useTranslation("domains");
  const step = currentStep(job);
  const waits = step?.name === "public_dns" || step?.name === "mail_dns";
  const publish = isManual(job) && waits ? toPublish(job) : [];
  const remove = isManual(job) && waits ? toRemove(job) : [];
  const servers = nameServersOf(job);
  return (
    <Stack gap="md">
      <Clock job={job} />
      {servers.length > 0 && (
        <Part title={t("wizard.nameServers")} lead={t("wizard.nameServersHint")}>
          {servers.map((server) => (
            <CopyValue key={server} value={server} what={server} />
          ))}
        </Part>
      )}
      {publish.length > 0 && (
        <Part
          title={t("wizard.publish")}
          lead={step?.name === "public_dns" ? t("wizard.proofHint") : t("wizard.publishHint")}
        >
          <RecordList label={t("wizard.publish")} records={publish} />
        </Part>
      )}
      {remove.length > 0 && (
        <Part title={t("wizard.remove")} lead={t("wizard.removeHint")}>
          <RecordList label={t("wizard.remove")} records={remove} />
        </Part>
      )}
    </Stack>
  );
}

function Clock({ job }: { job: Job }) {
  const { t } = useTranslation("domains");
  const now = useNow();
  const step = currentStep(job);
  const end = givesUpAt(job);
  const began = job.steps.some(({ state }) => state !== "pending");
  return (
    <Alert
      color="sea"
      role="status"
      icon={<IconHourglass aria-hidden />}
      title={step ? t(`wizard.at.${step.name}`) : began ? t("wizard.between") : t("wizard.queued")}
      maw={900}
    >
      {job.waiting_for && <Text size="sm">{t("wizard.trouble", { trouble: job.waiting_for })}</Text>}
      {job.waiting_until && (
        <Text size="sm">
          {Date.parse(job.waiting_until) > now
            ? t("wizard.looksAgain", { when: relative(job.waiting_until, now) })
            : t("wizard.looksNow")}
        </Text>
      )}
      {end && <Text size="sm">{t("wizard.givesUp", { when: dateTime(end) })}</Text>}
    </Alert>
  );
}

function Part({ title, lead, children }: { title: string; lead: string; children: ReactNode }) {
  return (
    <Paper withBorder p="md" maw={900}>
      <Stack gap="sm">
        <Title order={2} size="h5">
          {title}
        </Title>
        <Text size="sm">{lead}</Text>
        {children}
      </Stack>
    </Paper>
  );
}
