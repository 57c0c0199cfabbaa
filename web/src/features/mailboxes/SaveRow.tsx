/** The end of a form that stays open: its button, and beside it what was saved. A toast would lie on the buttons. */
import { Button, Group, Text } from "@mantine/core";
import { IconCheck } from "@tabler/icons-react";

interface SaveRowProps {
  action: string;
  busy: boolean;
  /** What holds now; empty until something was saved. */
  saved: string;
}

export function SaveRow({ action, busy, saved }: SaveRowProps) {
  return (
    <Group justify="flex-end" gap="sm">
      <Text size="sm" role="status" style={{ overflowWrap: "anywhere" }}>
        {saved && !busy && (
          <>
            <IconCheck size={16} aria-hidden style={{ verticalAlign: "text-bottom" }} /> {saved}
          </>
        )}
      </Text>
      <Button type="submit" loading={busy}>
        {action}
      </Button>
    </Group>
  );
}
