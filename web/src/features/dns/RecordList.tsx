/** Records to publish, each part with a button that copies it. */
import { Badge, Group, Paper, Stack, Text } from "@mantine/core";
import { useTranslation } from "@/text";
import { CopyRecord } from "./CopyRecord";
import type { ManualRecord } from "./manual";

export function RecordList({ label, records }: { label: string; records: readonly ManualRecord[] }) {
  return (
    <Stack component="ul" gap="sm" m={0} p={0} style={{ listStyle: "none" }} aria-label={label}>
      {records.map((record) => (
        <OneRecord key={`${record.type} ${record.name} ${record.value}`} record={record} />
      ))}
    </Stack>
  );
}

function OneRecord({ record }: { record: ManualRecord }) {
  const { t } = useTranslation("dns");
  const what = (part: string) => t("partOf", { part, type: record.type, name: record.name });
  return (
    <Paper component="li" withBorder p="sm">
      <Stack gap={6}>
        <Group gap="sm">
          <Badge variant="default">{record.type}</Badge>
          {record.priority !== undefined && <Text size="sm">{t("priority", { priority: record.priority })}</Text>}
        </Group>
        <Part name={t("name")} value={record.name} what={what(t("name"))} />
        <Part name={t("value")} value={record.value} what={what(t("value"))} />
      </Stack>
    </Paper>
  );
}

function Part({ name, value, what }: { name: string; value: string; what: string }) {
  return (
    <Group gap="xs" wrap="nowrap" align="flex-start">
      <Text size="sm" c="dimmed" w="3.5rem" style={{ flexShrink: 0 }}>
        {name}
      </Text>
      <CopyRecord value={value} what={what} />
    </Group>
  );
}
