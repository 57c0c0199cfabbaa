/** One record set before and after, with what goes and what comes marked. */
import { Badge, Group, Paper, Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "@/text";
import { Foreign } from "@/ui/Foreign";
import { diff, type Piece } from "./diff";
import classes from "./dns.module.css";
import { lineOf } from "./lines";
import type { Change } from "./queries";
import { RecordText } from "./RecordText";

interface ChangeCardProps {
  change: Pick<Change, "action" | "key" | "type" | "name" | "before" | "after" | "reason">;
  /** Beside the heading: who may undo it, what became of it. */
  aside?: ReactNode;
  children?: ReactNode;
}

export function ChangeCard({ change, aside, children }: ChangeCardProps) {
  const { t } = useTranslation("dns");
  const proxied = t("proxied");
  const before = change.before.map((record) => lineOf(record, proxied));
  const after = change.after.map((record) => lineOf(record, proxied));
  const { left, right } = diff(change.key, before, after);
  return (
    <Paper withBorder p="sm">
      <Stack gap="xs">
        <Group justify="space-between" gap="sm">
          <Group gap="xs" style={{ minWidth: 0 }}>
            <Badge variant="default">{t(`action.${change.action}`)}</Badge>
            <Title order={4} size="h6" style={{ overflowWrap: "anywhere" }}>
              <Foreign text={`${change.type} ${change.name}`} />
            </Title>
          </Group>
          {aside}
        </Group>
        <Text size="sm" style={{ overflowWrap: "anywhere" }}>
          <Foreign text={change.reason} />
        </Text>
        <div className={classes.values}>
          <Side title={t("before")} none={t("nothingBefore")} count={before.length}>
            {left.map((pieces, place) => (
              <RecordText key={before[place]} pieces={pieces} sense="gone" />
            ))}
          </Side>
          <Side title={t("after")} none={t("nothingAfter")} count={after.length}>
            {right.map((pieces, place) => (
              <RecordText key={after[place]} pieces={before.length > 0 ? pieces : unmarked(pieces)} sense="added" />
            ))}
          </Side>
        </div>
        {children}
      </Stack>
    </Paper>
  );
}

/** Where nothing was before, all is new: no need to mark it. */
const unmarked = (pieces: readonly Piece[]): Piece[] => pieces.map((piece) => ({ ...piece, differs: false }));

interface SideProps {
  title: string;
  none: string;
  count: number;
  children: ReactNode;
}

function Side({ title, none, count, children }: SideProps) {
  return (
    <Stack gap={4}>
      <Text size="sm" fw={600}>
        {title}
      </Text>
      {count === 0 ? <Text size="sm">{none}</Text> : children}
    </Stack>
  );
}
