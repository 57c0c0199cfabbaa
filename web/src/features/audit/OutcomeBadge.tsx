/** What became of an action, as far as it is known. */
import { IconCheck, IconMinus, IconQuestionMark } from "@tabler/icons-react";
import { useTranslation } from "@/text";
import { type Look, StateBadge } from "@/ui/StateBadge";
import type { Entry } from "./queries";

const LOOKS: Record<Entry["outcome"], Look> = {
  applied: { color: "green", icon: IconCheck },
  not_applied: { color: "gray", icon: IconMinus },
  unknown: { color: "yellow", icon: IconQuestionMark },
};

export function OutcomeBadge({ outcome }: { outcome: Entry["outcome"] }) {
  const { t } = useTranslation("audit");
  return <StateBadge look={LOOKS[outcome]}>{t(`outcome.${outcome}`)}</StateBadge>;
}
