/** All mailboxes of a domain in one line; a sum of which a part is missing is called a least one. */
import { Text } from "@mantine/core";
import { useTranslation } from "@/text";
import { megabytes, number } from "@/ui/format";
import { type Totals, totals } from "./figures";
import type { Mailbox } from "./queries";

export function TotalsLine({ mailboxes }: { mailboxes: readonly Mailbox[] }) {
  const { t } = useTranslation("mailboxes");
  const all = totals(mailboxes);
  const parts = useParts(all);
  const incomplete = !(all.complete.usage && all.complete.quota && all.complete.sent);
  return (
    <div>
      <Text size="sm">{parts.join(" · ")}</Text>
      <Text size="xs" c="dimmed">
        {incomplete && `${t("totals.incomplete")} `}
        {t("totals.hourly")}
      </Text>
    </div>
  );
}

function useParts(all: Totals): string[] {
  const { t } = useTranslation("mailboxes");
  const sum = (amount: string, whole: boolean) => (whole ? amount : t("totals.atLeast", { amount }));
  const used = sum(megabytes(all.usage), all.complete.usage);
  const known = all.usage > 0 || all.complete.usage;
  const bounded = all.quota > 0 && all.unlimited === 0 && all.complete.quota;
  const parts = [t("totals.mailboxes", { count: all.mailboxes })];
  if (!known) parts.push(t("totals.usedUnknown"));
  else if (bounded) parts.push(t("totals.used", { used, quota: megabytes(all.quota) }));
  else parts.push(t("totals.usedOnly", { used }));
  if (all.unlimited > 0) parts.push(t("totals.unlimited", { count: all.unlimited }));
  parts.push(t("totals.sent", { count: all.sent, amount: sum(number(all.sent), all.complete.sent) }));
  if (all.tight > 0) parts.push(t("totals.nearlyFull", { count: all.tight }));
  return parts;
}
