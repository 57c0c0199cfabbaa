/** What a repair did, in full: also what it left alone. */
import { Alert, Button, Group, Stack, Text, Title } from "@mantine/core";
import { IconAlertTriangle, IconCheck } from "@tabler/icons-react";
import { useTranslation } from "@/text";
import { AppButton } from "@/ui/AppLink";
import { Foreign } from "@/ui/Foreign";
import { ConflictCard } from "./ConflictCard";
import type { Fixed, Key } from "./queries";

interface FixResultProps {
  domain: string;
  result: Fixed;
  onClose: () => void;
}

export function FixResult({ domain, result, onClose }: FixResultProps) {
  const { t } = useTranslation("dns");
  const { t: ui } = useTranslation("ui");
  const names = (keys: readonly Key[]) => keys.map((key) => t(`key.${key}`)).join(", ");
  const partly = result.conflicts.length > 0;
  return (
    <Stack gap="md">
      <Alert
        role="status"
        color={partly ? "yellow" : "green"}
        icon={partly ? <IconAlertTriangle aria-hidden /> : <IconCheck aria-hidden />}
        title={result.fixed.length > 0 ? t("fixed.done", { checks: names(result.fixed) }) : t("fixed.nothing")}
      >
        {result.skipped.length > 0 && <Text size="sm">{t("fixed.skipped", { checks: names(result.skipped) })}</Text>}
        {result.changes.length > 0 && <Text size="sm">{t("fixed.later")}</Text>}
      </Alert>
      {result.steps.length > 0 && (
        <Stack gap={6}>
          <Title order={3} size="h5">
            {t("fixed.steps")}
          </Title>
          <ul style={{ margin: 0 }}>
            {result.steps.map((step) => (
              <li key={step}>
                <Text size="sm" span style={{ overflowWrap: "anywhere" }}>
                  <Foreign text={step} />
                </Text>
              </li>
            ))}
          </ul>
        </Stack>
      )}
      {partly && (
        <Stack gap="sm">
          <Title order={3} size="h5">
            {t("fixed.conflicts")}
          </Title>
          {result.conflicts.map((conflict) => (
            <ConflictCard key={`${conflict.key} ${conflict.type} ${conflict.name}`} conflict={conflict} />
          ))}
        </Stack>
      )}
      <Group justify="flex-end">
        {result.changes.length > 0 && (
          <AppButton variant="default" to="/domains/$domain/history" params={{ domain }}>
            {t("fixed.history")}
          </AppButton>
        )}
        <Button onClick={onClose}>{ui("close")}</Button>
      </Group>
    </Stack>
  );
}
