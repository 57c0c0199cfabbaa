/** A status by colour, sign and word: never by colour alone. */
import { Badge } from "@mantine/core";
import {
  IconAlertTriangle,
  IconCheck,
  IconClock,
  IconMinus,
  type IconProps,
  IconQuestionMark,
  IconX,
} from "@tabler/icons-react";
import type { ComponentType } from "react";
import { useTranslation } from "@/text";

/** What the API uses for one check and for a whole domain. */
export type StatusName =
  | "pass"
  | "warn"
  | "fail"
  | "pending"
  | "skipped"
  | "unknown"
  | "healthy"
  | "degraded"
  | "unhealthy";

const LOOKS: Record<StatusName, { color: string; icon: ComponentType<IconProps> }> = {
  pass: { color: "green", icon: IconCheck },
  healthy: { color: "green", icon: IconCheck },
  warn: { color: "yellow", icon: IconAlertTriangle },
  degraded: { color: "yellow", icon: IconAlertTriangle },
  fail: { color: "red", icon: IconX },
  unhealthy: { color: "red", icon: IconX },
  pending: { color: "sea", icon: IconClock },
  skipped: { color: "gray", icon: IconMinus },
  unknown: { color: "gray", icon: IconQuestionMark },
};

export function isStatus(name: string): name is StatusName {
  return name in LOOKS;
}

export function StatusBadge({ status, label }: { status: string; label?: string }) {
  const { t } = useTranslation("ui");
  const known: StatusName = isStatus(status) ? status : "unknown";
  const { color, icon: Icon } = LOOKS[known];
  return (
    <Badge variant="light" color={color} leftSection={<Icon size={14} aria-hidden />}>
      {label ?? t(`status.${known}`)}
    </Badge>
  );
}
