/** Moments: how long ago, with the exact time at hand; and how old an answer is. */
import { ActionIcon, Group, Text, Tooltip } from "@mantine/core";
import { IconRefresh } from "@tabler/icons-react";
import { useTranslation } from "@/text";
import { dateTime, relative } from "./format";
import { useNow } from "./useNow";

export function Ago({ at, fallback }: { at: string | null | undefined; fallback?: string }) {
  const now = useNow();
  if (!at) return <>{fallback ?? "–"}</>;
  return (
    <time dateTime={at} title={dateTime(at)}>
      {relative(at, atLeast(now, at))}
    </time>
  );
}

interface FreshnessProps {
  at: string | null | undefined;
  onRefresh?: () => void;
  busy?: boolean;
}

/** `as of 12 s ago`, with a button to ask again. */
export function Freshness({ at, onRefresh, busy }: FreshnessProps) {
  const { t } = useTranslation("ui");
  const now = useNow();
  return (
    <Group gap={4} wrap="nowrap">
      {at && (
        <Text size="sm" c="dimmed" title={dateTime(at)}>
          {now - new Date(at).getTime() < 5000 ? t("fresh.now") : t("fresh.asOf", { ago: relative(at, now) })}
        </Text>
      )}
      {onRefresh && (
        <Tooltip label={t("refresh")}>
          <ActionIcon variant="subtle" color="gray" aria-label={t("refresh")} onClick={onRefresh} loading={busy}>
            <IconRefresh size={18} aria-hidden />
          </ActionIcon>
        </Tooltip>
      )}
    </Group>
  );
}

const CLOCKS_DIFFER_MS = 15_000;

/** The shared clock ticks each five seconds, and clocks differ: what just happened is not to come. */
function atLeast(now: number, at: string): number {
  const moment = new Date(at).getTime();
  return moment > now && moment - now < CLOCKS_DIFFER_MS ? moment : now;
}
