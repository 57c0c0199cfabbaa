/** What became of an action, as far as it is known. Without a sign: a log has a thousand of them. */
import { Badge } from "@mantine/core";
import { useTranslation } from "@/text";
import type { Entry } from "./queries";

const COLORS: Record<Entry["outcome"], string> = { applied: "green", not_applied: "gray", unknown: "yellow" };

export function OutcomeBadge({ outcome }: { outcome: Entry["outcome"] }) {
  const { t } = useTranslation("audit");
  return (
    <Badge variant="light" color={COLORS[outcome]}>
      {t(`outcome.${outcome}`)}
    </Badge>
  );
}
