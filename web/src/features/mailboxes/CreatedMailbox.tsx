/** After a mailbox was made: what to hand over, once, and where it goes on. */
import { Button, Group, Stack, Text } from "@mantine/core";
import { useTranslation } from "@/text";
import type { Made } from "./CreateMailbox";
import { Credentials, Warnings } from "./Credentials";

interface CreatedMailboxProps {
  made: Made;
  onSetUp: () => void;
  onAnother: () => void;
  onDone: () => void;
}

export function CreatedMailbox({ made, onSetUp, onAnother, onDone }: CreatedMailboxProps) {
  const { t } = useTranslation("mailboxes");
  return (
    <Stack>
      <Text role="status">{t("made.lead")}</Text>
      <Warnings of={made.warnings} />
      <Credentials email={made.email} password={made.password} />
      <Group justify="flex-end">
        <Button variant="default" onClick={onAnother}>
          {t("made.another")}
        </Button>
        <Button variant="default" onClick={onSetUp}>
          {t("made.setUp")}
        </Button>
        <Button onClick={onDone}>{t("made.done")}</Button>
      </Group>
    </Stack>
  );
}
