/** Copying to the clipboard, said aloud when done. */
import { ActionIcon, Button, Code, Group, Tooltip } from "@mantine/core";
import { useClipboard } from "@mantine/hooks";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { useTranslation } from "@/text";

export function CopyIcon({ value, what }: { value: string; what: string }) {
  const { t } = useTranslation("ui");
  const clipboard = useClipboard();
  const label = clipboard.copied ? t("copied") : t("copyNamed", { what });
  return (
    // A long label must not make the page wider than a phone.
    <Tooltip label={label} multiline maw="min(90vw, 40ch)" style={{ overflowWrap: "anywhere" }}>
      <ActionIcon
        variant="subtle"
        color={clipboard.copied ? "green" : "gray"}
        aria-label={label}
        onClick={() => clipboard.copy(value)}
      >
        {clipboard.copied ? <IconCheck size={18} aria-hidden /> : <IconCopy size={18} aria-hidden />}
      </ActionIcon>
    </Tooltip>
  );
}

export function CopyButton({ value, label }: { value: string; label?: string }) {
  const { t } = useTranslation("ui");
  const clipboard = useClipboard();
  return (
    <Button
      variant="default"
      leftSection={clipboard.copied ? <IconCheck size={18} aria-hidden /> : <IconCopy size={18} aria-hidden />}
      onClick={() => clipboard.copy(value)}
    >
      <span aria-live="polite">{clipboard.copied ? t("copied") : (label ?? t("copy"))}</span>
    </Button>
  );
}

/** A value in a fixed-width face with a button that copies it. */
export function CopyValue({ value, what }: { value: string; what: string }) {
  return (
    <Group gap={4} wrap="nowrap" style={{ minWidth: 0 }}>
      <Code style={{ overflowWrap: "anywhere", whiteSpace: "pre-wrap" }}>{value}</Code>
      <CopyIcon value={value} what={what} />
    </Group>
  );
}
