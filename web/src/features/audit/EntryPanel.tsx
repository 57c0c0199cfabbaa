/** One entry with everything that is written of it. */
import { Code, Stack, Table, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "@/text";
import { CopyValue, QueryView, SidePanel } from "@/ui";
import { dateTime } from "@/ui/format";
import { OutcomeBadge } from "./OutcomeBadge";
import { type Entry, entryQuery } from "./queries";

interface EntryPanelProps {
  id: number | undefined;
  /** Those that are listed: most often it is one of them. */
  entries: readonly Entry[];
  onClose: () => void;
}

export function EntryPanel({ id, entries, onClose }: EntryPanelProps) {
  const { t } = useTranslation("audit");
  const listed = entries.find((each) => each.id === id);
  return (
    <SidePanel title={t("entry", { id })} opened={id !== undefined} onClose={onClose}>
      {listed ? <Fields entry={listed} /> : id !== undefined && <Fetched id={id} />}
    </SidePanel>
  );
}

function Fetched({ id }: { id: number }) {
  const entry = useQuery(entryQuery(id));
  return <QueryView query={entry}>{(found) => <Fields entry={found} />}</QueryView>;
}

function Fields({ entry }: { entry: Entry }) {
  const { t } = useTranslation("audit");
  const fields = [
    ["timestamp", dateTime(entry.timestamp)],
    ["user", entry.user],
    ["action", <Code key="action">{entry.action}</Code>],
    ["target", entry.target],
    ["outcome", <OutcomeBadge key="outcome" entry={entry} />],
    ["settled_by", t(`settled.${entry.settled_by}`)],
    ["address", entry.address ?? "–"],
    ["request_id", <CopyValue key="id" value={entry.request_id} what={t("field.request_id")} />],
  ] as const;
  return (
    <Stack>
      <Table variant="vertical" layout="fixed" aria-label={t("entry", { id: entry.id })}>
        <Table.Tbody>
          {fields.map(([name, value]) => (
            <Table.Tr key={name}>
              <Table.Th scope="row" w={120}>
                {t(`field.${name}`)}
              </Table.Th>
              <Table.Td style={{ overflowWrap: "anywhere" }}>{value}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <Text fw={600} size="sm">
        {t("field.details")}
      </Text>
      <Code block tabIndex={0} aria-label={t("field.details")} role="region">
        {JSON.stringify(entry.details, null, 2)}
      </Code>
    </Stack>
  );
}
