/** The parts of a job, in their order. */
import { Stack, Text, Timeline, Title } from "@mantine/core";
import { IconCheck, IconClock, IconMinus, type IconProps, IconX } from "@tabler/icons-react";
import type { ComponentType } from "react";
import { useTranslation } from "@/text";
import { Ago } from "@/ui";
import { useStepName } from "./names";
import type { Job } from "./queries";

const ICONS: Record<string, ComponentType<IconProps>> = { done: IconCheck, failed: IconX, skipped: IconMinus };
const STATES = ["done", "waiting", "running", "failed", "skipped", "pending"] as const;

export function Steps({ steps }: { steps: Job["steps"] }) {
  const { t } = useTranslation("jobs");
  const stepName = useStepName();
  const reached = steps.findLastIndex((step) => step.state === "done");
  return (
    <Stack gap="sm">
      <Title order={2} size="h4">
        {t("steps")}
      </Title>
      <Timeline active={reached} bulletSize={24} lineWidth={2}>
        {steps.map((step) => {
          const Icon = ICONS[step.state] ?? IconClock;
          const known = STATES.find((each) => each === step.state);
          return (
            <Timeline.Item key={step.name} bullet={<Icon size={14} aria-hidden />} title={stepName(step.name)}>
              <Text size="sm">
                {known ? t(`step.${known}`) : step.state} · <Ago at={step.at} />
              </Text>
              {step.message && <Text size="sm">{step.message}</Text>}
            </Timeline.Item>
          );
        })}
      </Timeline>
    </Stack>
  );
}
