/** A job's state by colour, sign and word. */
import { Badge } from "@mantine/core";
import {
  IconAlertTriangle,
  IconCheck,
  IconClock,
  IconPlayerPlay,
  IconPlayerStop,
  type IconProps,
  IconX,
} from "@tabler/icons-react";
import type { ComponentType } from "react";
import { useTranslation } from "@/text";
import type { JobState } from "./queries";

const LOOKS: Record<JobState, { color: string; icon: ComponentType<IconProps> }> = {
  queued: { color: "gray", icon: IconClock },
  running: { color: "sea", icon: IconPlayerPlay },
  succeeded: { color: "green", icon: IconCheck },
  partly_failed: { color: "yellow", icon: IconAlertTriangle },
  failed: { color: "red", icon: IconX },
  cancelled: { color: "gray", icon: IconPlayerStop },
};

export function JobStateBadge({ state }: { state: JobState }) {
  const { t } = useTranslation("jobs");
  const { color, icon: Icon } = LOOKS[state];
  return (
    <Badge variant="light" color={color} leftSection={<Icon size={14} aria-hidden />}>
      {t(`state.${state}`)}
    </Badge>
  );
}
