/** A button that is only a sign: its words are its name and appear when it is pointed at or has the focus. */
import { ActionIcon, Tooltip } from "@mantine/core";
import type { IconProps } from "@tabler/icons-react";
import type { ComponentType } from "react";

interface IconActionProps {
  label: string;
  icon: ComponentType<IconProps>;
  /** It destroys something. */
  danger?: boolean;
  onClick: () => void;
}

export function IconAction({ label, icon: Icon, danger = false, onClick }: IconActionProps) {
  return (
    <Tooltip label={label}>
      <ActionIcon variant="subtle" color={danger ? "red" : "gray"} aria-label={label} onClick={onClick}>
        <Icon size={18} aria-hidden />
      </ActionIcon>
    </Tooltip>
  );
}
