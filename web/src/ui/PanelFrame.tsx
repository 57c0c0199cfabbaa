/** A form or detail beside its list. Whether it is open is part of the address, so it is closed by navigating. */
import { Drawer } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import classes from "./dialog.module.css";

interface SidePanelProps {
  title: string;
  opened: boolean;
  onClose: () => void;
  size?: "md" | "lg" | "xl";
  children: ReactNode;
}

// Put together by hand: the library's own heading is a <header>, which would be a second banner of the page.
export function SidePanel({ title, opened, onClose, size = "lg", children }: SidePanelProps) {
  const { t } = useTranslation("ui");
  return (
    <Drawer.Root opened={opened} onClose={onClose} size={size}>
      <Drawer.Overlay />
      <Drawer.Content>
        <div className={classes.head}>
          <Drawer.Title className={classes.title}>{title}</Drawer.Title>
          <Drawer.CloseButton aria-label={t("close")} />
        </div>
        <Drawer.Body>{children}</Drawer.Body>
      </Drawer.Content>
    </Drawer.Root>
  );
}
