/** The frame of a side panel. */
import { Drawer } from "@mantine/core";
import type { ReactNode } from "react";
import { useSessionOver } from "@/api/session";
import { useTranslation } from "@/text";
import classes from "./dialog.module.css";

interface PanelFrameProps {
  title: string;
  opened: boolean;
  onClose: () => void;
  size?: "md" | "lg" | "xl";
  children: ReactNode;
}

// Put together by hand: the library's own heading is a <header>, which would be a second banner of the page.
export default function PanelFrame({ title, opened, onClose, size = "lg", children }: PanelFrameProps) {
  const { t } = useTranslation("ui");
  // Then Escape is not meant for what lies below the sign-in.
  const over = useSessionOver();
  return (
    <Drawer.Root closeOnEscape={!over} opened={opened} onClose={onClose} size={size}>
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
