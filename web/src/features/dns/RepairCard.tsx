/** One repair of the past: its changes, and what can still be undone of it. */
import { Badge, Button, Group, Paper, Stack, Text, Title } from "@mantine/core";
import { IconArrowBackUp } from "@tabler/icons-react";
import { useTranslation } from "@/text";
import { Ago } from "@/ui";
import { dateTime } from "@/ui/format";
import { spelledOut } from "@/ui/spelled";
import { ChangeCard } from "./ChangeCard";
import type { PastRepair } from "./grouping";

interface RepairCardProps {
  repair: PastRepair;
  /** The id of a change, or of the whole repair. */
  onUndo: (item: string) => void;
}

export function RepairCard({ repair, onUndo }: RepairCardProps) {
  const { t } = useTranslation("dns");
  const left = repair.changes.filter((change) => change.reverted_by === null);
  const several = repair.changes.length > 1 || repair.cut;
  // How much there is to undo is only said where all of it is here.
  const word = repair.cut ? "undo.repair" : left.length === repair.changes.length ? "undo.all" : "undo.rest";
  return (
    <Paper withBorder p="md">
      <Stack gap="sm">
        <Group justify="space-between" gap="sm">
          <Stack gap={0}>
            <Title order={3} size="h5">
              {repair.undoes ? t("history.undoing") : t("history.repair")} · {dateTime(repair.at)}
            </Title>
            <Text size="sm" c="dimmed">
              {t("history.by", { who: repair.by })} · <Ago at={repair.at} />
            </Text>
          </Stack>
          {several && (left.length > 0 || repair.cut) && (
            <Button
              variant="default"
              size="xs"
              leftSection={<IconArrowBackUp size={16} aria-hidden />}
              onClick={() => onUndo(repair.fixId)}
            >
              {t(word)}
            </Button>
          )}
        </Group>
        {repair.changes.map((change) => (
          <ChangeCard
            key={change.id}
            change={change}
            aside={
              change.reverted_by === null ? (
                <Button
                  variant="default"
                  size="xs"
                  leftSection={<IconArrowBackUp size={16} aria-hidden />}
                  aria-label={spelledOut(t("undo.named", { type: change.type, name: change.name }))}
                  onClick={() => onUndo(change.id)}
                >
                  {t("undo.one")}
                </Button>
              ) : (
                <Badge variant="light" color="gray" leftSection={<IconArrowBackUp size={14} aria-hidden />}>
                  {t("history.undone")}
                </Badge>
              )
            }
          />
        ))}
      </Stack>
    </Paper>
  );
}
