/** A form or detail beside its list. Whether it is open is part of the address, so it is closed by navigating. */
import { Drawer } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

interface SidePanelProps {
  title: string;
  opened: boolean;
  onClose: () => void;
  size?: "md" | "lg" | "xl";
  children: ReactNode;
}

export function SidePanel({ title, opened, onClose, size = "lg", children }: SidePanelProps) {
  const { t } = useTranslation("ui");
  return (
    <Drawer
      opened={opened}
      onClose={onClose}
      size={size}
      title={title}
      closeButtonProps={{ "aria-label": t("close") }}
      styles={{ title: { fontWeight: 650, fontSize: "var(--mantine-font-size-lg)", overflowWrap: "anywhere" } }}
    >
      {children}
    </Drawer>
  );
}
