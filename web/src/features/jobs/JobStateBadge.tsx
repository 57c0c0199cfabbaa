/** A job's state. */
import { IconAlertTriangle, IconCheck, IconClock, IconPlayerPlay, IconPlayerStop, IconX } from "@tabler/icons-react";
import { useTranslation } from "@/text";
import { type Look, StateBadge } from "@/ui/StateBadge";
import type { JobState } from "./queries";

const LOOKS: Record<JobState, Look> = {
  queued: { color: "gray", icon: IconClock },
  running: { color: "sea", icon: IconPlayerPlay },
  succeeded: { color: "green", icon: IconCheck },
  partly_failed: { color: "yellow", icon: IconAlertTriangle },
  failed: { color: "red", icon: IconX },
  cancelled: { color: "gray", icon: IconPlayerStop },
};

export function JobStateBadge({ state }: { state: JobState }) {
  const { t } = useTranslation("jobs");
  return <StateBadge look={LOOKS[state]}>{t(`state.${state}`)}</StateBadge>;
}
