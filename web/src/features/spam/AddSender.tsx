/** A sender to be allowed or blocked, for the whole account. */
import { Alert, Button, Group, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { IconWorld } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "@/text";
import { ErrorNotice, toast, useSave } from "@/ui";
import { addSender, type SenderList } from "./queries";

interface AddSenderProps {
  domain: string;
  list: SenderList;
  onDone: () => void;
}

export function AddSender({ domain, list, onDone }: AddSenderProps) {
  const { t } = useTranslation("spam");
  const { t: ui } = useTranslation("ui");
  const queries = useQueryClient();
  const form = useForm({ initialValues: { entry: "" } });
  const { mutation, onSubmit, problem } = useSave(
    form,
    ({ entry }) => addSender(domain, list, entry.trim()),
    async ({ data }) => {
      toast(t(`added.${list}`, { entry: data.entry }));
      onDone();
      await queries.invalidateQueries({ queryKey: ["spam", "senders", list] });
    },
  );
  return (
    <form onSubmit={onSubmit}>
      <Stack>
        {problem && <ErrorNotice error={problem} kept />}
        <TextInput
          data-autofocus
          required
          maxLength={254}
          label={t("entry")}
          description={t("entryHint")}
          autoCapitalize="none"
          spellCheck={false}
          {...form.getInputProps("entry")}
        />
        <Alert color="yellow" icon={<IconWorld aria-hidden />} title={t("shared.title")} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onDone}>
            {ui("cancel")}
          </Button>
          <Button type="submit" loading={mutation.isPending}>
            {t(`add.${list}`)}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
