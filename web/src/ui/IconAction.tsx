/** A button that is only a sign: its words are its name and appear when it is pointed at or has the focus. */
import { ActionIcon, Tooltip } from "@mantine/core";
import type { IconProps } from "@tabler/icons-react";
import { type ComponentType, useRef, useState } from "react";

interface IconActionProps {
  label: string;
  icon: ComponentType<IconProps>;
  /** It destroys something. */
  danger?: boolean;
  onClick: () => void;
}

export function IconAction({ label, icon: Icon, danger = false, onClick }: IconActionProps) {
  const button = useRef<HTMLButtonElement>(null);
  // Made only then: a thousand rows have thousands of these.
  const [told, setTold] = useState(false);
  const tell = () => setTold(true);
  const hush = () => setTold(false);
  return (
    <>
      <ActionIcon
        ref={button}
        variant="subtle"
        color={danger ? "red" : "gray"}
        aria-label={label}
        onClick={onClick}
        onPointerEnter={tell}
        onPointerLeave={hush}
        onFocus={tell}
        onBlur={hush}
      >
        <Icon size={18} aria-hidden />
      </ActionIcon>
      {told && <Tooltip opened label={label} target={button} />}
    </>
  );
}
