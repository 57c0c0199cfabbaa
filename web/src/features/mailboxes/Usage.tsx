/** How full a mailbox is: a bar, its words, and a mark when it is time to do something. */
import { Badge, Group, Progress, Stack, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { type Translate, useTranslation } from "@/text";
import { megabytes } from "@/ui/format";
import { fullness, share } from "./figures";
import classes from "./mailboxes.module.css";
import type { Mailbox } from "./queries";

export function Usage({ mailbox }: { mailbox: Mailbox }) {
  const { t } = useTranslation("mailboxes");
  const state = fullness(mailbox);
  const used = share(mailbox);
  const tight = state === "full" || state === "nearlyFull";
  const color = state === "full" ? "red" : "yellow";
  return (
    <Stack gap={4} className={classes.usage}>
      <Group gap={6}>
        <Text size="sm" style={{ fontVariantNumeric: "tabular-nums" }}>
          {usageText(mailbox, t)}
        </Text>
        {tight && (
          <Badge variant="light" color={color} leftSection={<IconAlertTriangle size={14} aria-hidden />}>
            {t(state)}
          </Badge>
        )}
      </Group>
      {used !== null && (
        <Progress aria-hidden value={Math.min(used, 1) * 100} color={tight ? color : undefined} size="sm" />
      )}
    </Stack>
  );
}

/** `1.2 GiB of 5.0 GiB`, with what is not known named as such. */
export function usageText({ usage, quota }: Mailbox, t: Translate<"mailboxes">): string {
  if (usage === null) return quota ? t("quotaOnly", { quota: megabytes(quota) }) : t("unknown");
  const used = megabytes(usage);
  if (quota === null) return t("usageOnly", { used });
  return quota === 0 ? t("usageUnlimited", { used }) : t("usageOf", { used, quota: megabytes(quota) });
}
