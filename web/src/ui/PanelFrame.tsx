/** The frame of a side panel. */
import { Button, Drawer, Group, Text } from "@mantine/core";
import { type FormEvent, type ReactNode, useRef, useState } from "react";
import { useSessionOver } from "@/api/session";
import { useTranslation } from "@/text";
import classes from "./dialog.module.css";

interface PanelFrameProps {
  title: string;
  opened: boolean;
  onClose: () => void;
  size?: "md" | "lg" | "xl";
  /** What it shows is shown once: only its own button closes it. */
  once?: boolean;
  children: ReactNode;
}

// Put together by hand: the library's own heading is a <header>, which would be a second banner of the page.
export default function PanelFrame({ title, opened, onClose, size = "lg", once = false, children }: PanelFrameProps) {
  const { t } = useTranslation("ui");
  // Then Escape is not meant for what lies below the sign-in.
  const over = useSessionOver();
  const entered = useEntered();
  const [asked, setAsked] = useState(false);
  if (asked && !opened) setAsked(false);
  const at = useRef<Element | null>(null);
  function keep() {
    setAsked(false);
    if (at.current instanceof HTMLElement) at.current.focus();
  }
  function close() {
    if (!entered.any()) return onClose();
    // A second Escape is no answer: it takes the question back.
    if (asked) return keep();
    at.current = document.activeElement;
    setAsked(true);
  }
  return (
    <Drawer.Root closeOnEscape={!over && !once} closeOnClickOutside={!once} opened={opened} onClose={close} size={size}>
      <Drawer.Overlay />
      <Drawer.Content>
        <div className={classes.head}>
          <Drawer.Title className={classes.title}>{title}</Drawer.Title>
          {!once && <Drawer.CloseButton aria-label={t("close")} />}
        </div>
        {asked && (
          <Group className={classes.question} gap="sm" role="alert">
            <Text fw={650}>{t("discard.title")}</Text>
            <Button size="xs" variant="default" autoFocus onClick={keep}>
              {t("discard.keep")}
            </Button>
            <Button size="xs" color="red.9" onClick={onClose}>
              {t("discard.action")}
            </Button>
          </Group>
        )}
        <Drawer.Body onInput={entered.note} onChange={entered.note} onSubmit={entered.sent}>
          {children}
        </Drawer.Body>
      </Drawer.Content>
    </Drawer.Root>
  );
}

/** Which forms hold something that would be lost. One that was sent does not, unless it was refused. */
function useEntered() {
  const forms = useRef(new Set<HTMLFormElement>());
  return {
    note({ target }: FormEvent) {
      if (!(target instanceof HTMLElement) || target.getAttribute("type") === "search") return;
      const form = target.closest("form");
      if (form) {
        forms.current.add(form);
        delete form.dataset.sent;
      }
    },
    sent({ target }: FormEvent) {
      if (target instanceof HTMLFormElement) target.dataset.sent = "";
    },
    any: () => [...forms.current].some((form) => form.isConnected && !("sent" in form.dataset && !isRefused(form))),
  };
}

const isRefused = (form: HTMLFormElement): boolean =>
  form.querySelector('[aria-invalid="true"], [role="alert"]') !== null;
