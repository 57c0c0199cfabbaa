/** Who I am here, and where I can be reached. */
import { Button, Group, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useQueryClient } from "@tanstack/react-query";
import { answered, api } from "@/api/client";
import { meQuery, useMe } from "@/features/identity/api";
import { useTranslation } from "@/text";
import { ErrorNotice, toast, useSave } from "@/ui";
import { Rights } from "./Rights";

export function ProfileForm() {
  const { t } = useTranslation("settings");
  const { t: ui } = useTranslation("ui");
  const me = useMe();
  const queries = useQueryClient();
  const form = useForm({ initialValues: { contact_email: me.contact_email ?? "" } });
  const { mutation, onSubmit, problem } = useSave(
    form,
    ({ contact_email }) =>
      answered(api.PATCH("/api/me/profile", { body: { contact_email: contact_email.trim() || null } })),
    (answer, { contact_email }) => {
      queries.setQueryData(meQuery.queryKey, answer);
      form.resetDirty();
      toast(contact_email.trim() ? t("profile.saved") : t("profile.cleared"));
    },
  );
  return (
    <form onSubmit={onSubmit}>
      <Stack gap="sm">
        {problem && <ErrorNotice error={problem} kept />}
        <Text size="sm">
          {t("profile.login")} <b>{me.email}</b>
        </Text>
        <Rights />
        <Group align="flex-end">
          <TextInput
            type="email"
            label={t("profile.contact")}
            description={t("profile.contactHint")}
            autoComplete="email"
            style={{ flex: "1 1 16rem" }}
            {...form.getInputProps("contact_email")}
          />
          <Button type="submit" loading={mutation.isPending} disabled={!form.isDirty()}>
            {ui("save")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
