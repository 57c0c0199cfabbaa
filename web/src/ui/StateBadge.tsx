/** A state by colour, sign and word: never by colour alone. */
import { Badge } from "@mantine/core";
import type { IconProps } from "@tabler/icons-react";
import type { ComponentType } from "react";

export interface Look {
  color: string;
  icon: ComponentType<IconProps>;
}

export function StateBadge({ look: { color, icon: Icon }, children }: { look: Look; children: string }) {
  return (
    <Badge
      variant="light"
      color={color}
      leftSection={<Icon size={14} aria-hidden />}
      h="auto"
      styles={{ label: { whiteSpace: "normal" } }}
    >
      {children}
    </Badge>
  );
}
