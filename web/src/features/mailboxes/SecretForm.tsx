/** A new password, and with it perhaps a new send limit: MXroute takes that in no other way. */
import { Alert, Button, Group, NumberInput, Stack, Text, Title } from "@mantine/core";
import { useForm } from "@mantine/form";
import { IconCheck } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "@/text";
import { ErrorNotice, useSave } from "@/ui";
import { number } from "@/ui/format";
import { NewPasswordInput } from "@/ui/NewPasswordInput";
import { Credentials, Warnings } from "./Credentials";
import { changeMailbox, type Mailbox, mailboxesChanged } from "./queries";

/** What holds after a save, as the answer said. */
interface Saved {
  password: string;
  limit: number | null;
  warnings: readonly string[];
}

export function SecretForm({ domain, mailbox }: { domain: string; mailbox: Mailbox }) {
  const { t } = useTranslation("mailboxes");
  const queries = useQueryClient();
  const [saved, setSaved] = useState<Saved | null>(null);
  const form = useForm({ initialValues: { password: "", limit: (mailbox.limit ?? "") as number | string } });
  const { mutation, onSubmit, problem } = useSave(
    form,
    ({ password, limit }) => {
      const wanted = limit === "" || Number(limit) === mailbox.limit ? null : Number(limit);
      return changeMailbox(domain, mailbox.username, { password, limit: wanted });
    },
    async ({ data, meta }, { password }) => {
      setSaved({ password, limit: data.limit, warnings: meta?.warnings ?? [] });
      form.setValues({ password: "", limit: data.limit ?? "" });
      await mailboxesChanged(queries);
    },
  );
  const holds =
    mailbox.limit === null ? t("edited.limitUnknown") : t("edited.limitHint", { limit: number(mailbox.limit) });
  return (
    <form onSubmit={onSubmit}>
      <Stack gap="sm">
        <Title order={3} size="h5">
          {t("edited.secret")}
        </Title>
        <Text size="sm">{t("edited.secretHint")}</Text>
        {problem && <ErrorNotice error={problem} kept />}
        {saved && <SavedNotice email={mailbox.email} saved={saved} />}
        <NewPasswordInput
          required
          label={t("form.newPassword")}
          description={t("form.passwordHint")}
          {...form.getInputProps("password")}
        />
        <NumberInput
          label={t("form.limit")}
          description={holds}
          allowDecimal={false}
          allowNegative={false}
          clampBehavior="none"
          {...form.getInputProps("limit")}
        />
        <Group justify="flex-end">
          <Button type="submit" loading={mutation.isPending}>
            {t("edited.secretSave")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function SavedNotice({ email, saved: { password, limit, warnings } }: { email: string; saved: Saved }) {
  const { t } = useTranslation("mailboxes");
  return (
    <>
      <Alert color="green" role="status" icon={<IconCheck aria-hidden />} title={t("edited.secretSaved")}>
        <Stack gap="sm">
          <Text size="sm">
            {limit === null
              ? t("edited.limitNotKnown")
              : t("edited.limitHolds", { count: limit, amount: number(limit) })}
          </Text>
          <Credentials email={email} password={password} />
        </Stack>
      </Alert>
      <Warnings of={warnings} />
    </>
  );
}
