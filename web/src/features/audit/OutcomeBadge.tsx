/** What became of an action, as far as it is known. Without a sign: a log has a thousand of them. */
import { Badge } from "@mantine/core";
import { useTranslation } from "@/text";
import type { Entry } from "./queries";

const COLORS: Record<Entry["outcome"], string> = { applied: "green", not_applied: "gray", unknown: "yellow" };

export function OutcomeBadge({ entry: { action, outcome } }: { entry: Pick<Entry, "action" | "outcome"> }) {
  const { t } = useTranslation("audit");
  // That somebody was refused is what happened here: nothing was done.
  if (action === "auth.login_failed" || action === "auth.login_rate_limited") {
    return (
      <Badge variant="light" color="gray">
        {t("outcome.refused")}
      </Badge>
    );
  }
  return (
    <Badge variant="light" color={COLORS[outcome]}>
      {t(`outcome.${outcome}`)}
    </Badge>
  );
}
