/** Where the owner of a mailbox can be reached; blank removes it. Kept here, MXroute knows nothing of it. */
import { Stack, TextInput, Title } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useQueryClient } from "@tanstack/react-query";
import { type Translate, useTranslation } from "@/text";
import { ErrorNotice, useSave } from "@/ui";
import { type Mailbox, mailboxesChanged, setRecovery } from "./queries";
import { SaveRow } from "./SaveRow";

export function RecoveryForm({ domain, mailbox }: { domain: string; mailbox: Mailbox }) {
  const { t } = useTranslation("mailboxes");
  const queries = useQueryClient();
  const form = useForm({ initialValues: { recovery_email: mailbox.recovery_email ?? "" } });
  const { mutation, onSubmit, problem } = useSave(
    form,
    ({ recovery_email }) => setRecovery(domain, mailbox.username, recovery_email.trim() || null),
    () => mailboxesChanged(queries),
  );
  const answer = mutation.data?.data;
  const holds = answer ? heldText(answer, t) : "";
  return (
    <form onSubmit={onSubmit}>
      <Stack gap="sm">
        <Title order={3} size="h5">
          {t("recovery")}
        </Title>
        {problem && <ErrorNotice error={problem} kept />}
        <TextInput
          type="email"
          label={t("form.recovery")}
          description={t("edited.recoveryHint")}
          autoComplete="off"
          {...form.getInputProps("recovery_email")}
        />
        <SaveRow action={t("edited.recoverySave")} busy={mutation.isPending} saved={holds} />
      </Stack>
    </form>
  );
}

function heldText({ email, recovery_email: recovery }: Mailbox, t: Translate<"mailboxes">): string {
  return recovery ? t("edited.recoverySaved", { email, recovery }) : t("edited.recoveryRemoved", { email });
}
