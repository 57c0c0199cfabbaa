/** How much a mailbox may hold. */
import { Stack, Title } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useQueryClient } from "@tanstack/react-query";
import { type Translate, useTranslation } from "@/text";
import { ErrorNotice, useSave } from "@/ui";
import { megabytes } from "@/ui/format";
import { QuotaInput } from "./QuotaInput";
import { changeMailbox, type Mailbox, mailboxesChanged } from "./queries";
import { SaveRow } from "./SaveRow";
import { Usage } from "./Usage";

export function QuotaForm({ domain, mailbox }: { domain: string; mailbox: Mailbox }) {
  const { t } = useTranslation("mailboxes");
  const queries = useQueryClient();
  const form = useForm({
    initialValues: { quota: mailbox.quota },
    validate: { quota: (quota) => (quota === null ? t("form.quotaMissing") : null) },
  });
  const { mutation, onSubmit, problem } = useSave(
    form,
    ({ quota }) => changeMailbox(domain, mailbox.username, { quota }),
    () => mailboxesChanged(queries),
  );
  const answer = mutation.data?.data;
  const holds = answer ? heldText(answer, t) : "";
  return (
    <form onSubmit={onSubmit}>
      <Stack gap="sm">
        <Title order={3} size="h5">
          {t("storage")}
        </Title>
        {problem && <ErrorNotice error={problem} kept />}
        <Usage mailbox={mailbox} />
        <QuotaInput {...form.getInputProps("quota")} />
        <SaveRow action={t("edited.quotaSave")} busy={mutation.isPending} saved={holds} />
      </Stack>
    </form>
  );
}

function heldText({ email, quota }: Mailbox, t: Translate<"mailboxes">): string {
  if (quota === null) return t("edited.quotaSavedUnknown", { email });
  if (quota === 0) return t("edited.quotaSavedUnlimited", { email });
  return t("edited.quotaSaved", { email, quota: megabytes(quota) });
}
