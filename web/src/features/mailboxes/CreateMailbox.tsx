/** The form for a new mailbox. */
import { Button, Group, NumberInput, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useQueryClient } from "@tanstack/react-query";
import { type RefObject, useEffect, useRef } from "react";
import { useTranslation } from "@/text";
import { ErrorNotice, toast, useSave } from "@/ui";
import { LocalPartInput } from "@/ui/LocalPartInput";
import { NewPasswordInput } from "@/ui/NewPasswordInput";
import { QuotaInput } from "./QuotaInput";
import { createMailbox, mailboxesChanged } from "./queries";

/** What is shown once, when it is there. */
export interface Made {
  username: string;
  email: string;
  password: string;
  warnings: readonly string[];
}

interface CreateMailboxProps {
  domain: string;
  onMade: (made: Made) => void;
  onCancel: () => void;
}

const USUAL = { username: "", password: "", quota: 1024 as number | null, limit: 9600 as number | string };

export function CreateMailbox({ domain, onMade, onCancel }: CreateMailboxProps) {
  const { t } = useTranslation("mailboxes");
  const { t: ui } = useTranslation("ui");
  const queries = useQueryClient();
  const shown = useShown();
  const form = useForm({
    initialValues: { ...USUAL, recovery_email: "" },
    validate: { quota: (quota) => (quota === null ? t("form.quotaMissing") : null) },
  });
  const { mutation, onSubmit, problem } = useSave(
    form,
    ({ username, password, quota, limit, recovery_email }) =>
      createMailbox(domain, {
        username,
        password,
        quota: quota ?? 0,
        limit: Number(limit),
        recovery_email: recovery_email.trim() || null,
      }),
    async ({ data, meta }, { password }) => {
      const { username, email } = data;
      // Asked for in a panel that was closed meanwhile: it is told, and the password shown to nobody.
      if (shown.current) onMade({ username, email, password, warnings: meta?.warnings ?? [] });
      else toast(t("made.late", { email }));
      await mailboxesChanged(queries);
    },
  );
  return (
    <form onSubmit={onSubmit}>
      <Stack>
        {problem && <ErrorNotice error={problem} kept />}
        <LocalPartInput
          domain={domain}
          data-autofocus
          required
          label={t("form.username")}
          description={t("form.usernameHint", { domain })}
          {...form.getInputProps("username")}
        />
        <NewPasswordInput
          required
          label={t("form.password")}
          description={t("form.passwordHint")}
          {...form.getInputProps("password")}
        />
        <QuotaInput {...form.getInputProps("quota")} />
        <NumberInput
          required
          label={t("form.limit")}
          description={t("form.limitHint")}
          allowDecimal={false}
          allowNegative={false}
          clampBehavior="none"
          {...form.getInputProps("limit")}
        />
        <TextInput
          type="email"
          label={t("form.recovery")}
          description={t("form.recoveryHint")}
          autoComplete="off"
          {...form.getInputProps("recovery_email")}
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={onCancel}>
            {ui("cancel")}
          </Button>
          <Button type="submit" loading={mutation.isPending}>
            {t("create")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** Whether the form is still on the page. */
function useShown(): RefObject<boolean> {
  const shown = useRef(true);
  useEffect(() => {
    shown.current = true;
    return () => {
      shown.current = false;
    };
  }, []);
  return shown;
}
