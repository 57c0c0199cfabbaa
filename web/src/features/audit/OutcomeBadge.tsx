/** What became of an action, as far as it is known. */
import { Badge } from "@mantine/core";
import { useTranslation } from "@/text";

const COLORS = { applied: "green", not_applied: "gray", unknown: "yellow", refused: "red" } as const;

export function OutcomeBadge({ outcome }: { outcome: string }) {
  const { t } = useTranslation("audit");
  const known = outcome in COLORS ? (outcome as keyof typeof COLORS) : null;
  return (
    <Badge variant="light" color={known ? COLORS[known] : "gray"}>
      {known ? t(`outcome.${known}`) : outcome}
    </Badge>
  );
}
