/** The frame of a confirmation. */
import { Button, Group, Modal, Stack, Text, TextInput } from "@mantine/core";
import { type FormEvent, type ReactNode, useState } from "react";
import { useSessionOver } from "@/api/session";
import { useTranslation } from "@/text";
import classes from "./dialog.module.css";
import { ErrorNotice } from "./ErrorNotice";

interface ConfirmFrameProps {
  opened: boolean;
  title: string;
  /** What will be gone or changed, in full. */
  effect: ReactNode;
  /** Must be typed before the button does anything; leave it out for what can be undone easily. */
  name?: string;
  /** The verb on the button. */
  action: string;
  busy?: boolean;
  error?: Error | null;
  onConfirm: () => void;
  onClose: () => void;
}

export default function ConfirmFrame(props: ConfirmFrameProps) {
  const { t } = useTranslation("ui");
  // Then Escape is not meant for what lies below the sign-in.
  const over = useSessionOver();
  return (
    <Modal.Root closeOnEscape={!over} opened={props.opened} onClose={props.onClose} centered>
      <Modal.Overlay />
      <Modal.Content>
        <div className={classes.head}>
          <Modal.Title className={classes.title}>{props.title}</Modal.Title>
          <Modal.CloseButton aria-label={t("close")} />
        </div>
        <Modal.Body>
          <ConfirmForm {...props} />
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}

function ConfirmForm({ effect, name, action, busy, error, onConfirm, onClose }: ConfirmFrameProps) {
  const { t } = useTranslation("ui");
  const [typed, setTyped] = useState("");
  const [missed, setMissed] = useState(false);

  function submit(event: FormEvent) {
    event.preventDefault();
    if (name !== undefined && typed.trim().toLowerCase() !== name.toLowerCase()) {
      setMissed(true);
      return;
    }
    onConfirm();
  }

  return (
    <form onSubmit={submit}>
      <Stack>
        <Text component="div">{effect}</Text>
        {name !== undefined && (
          <TextInput
            data-autofocus
            label={t("confirm.type", { name })}
            value={typed}
            error={missed && t("confirm.mismatch", { name })}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            onChange={(event) => {
              setTyped(event.currentTarget.value);
              setMissed(false);
            }}
          />
        )}
        {error && <ErrorNotice error={error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t("confirm.leave")}
          </Button>
          <Button type="submit" color="red.9" loading={busy}>
            {action}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
