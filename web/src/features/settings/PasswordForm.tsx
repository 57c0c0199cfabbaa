/** A new password for oneself. All other sessions end with it. */
import { Button, Group, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useQueryClient } from "@tanstack/react-query";
import { answered, api } from "@/api/client";
import { meQuery } from "@/features/identity/api";
import { useTranslation } from "@/text";
import { ErrorNotice, toast, useSave } from "@/ui";
import { NewPasswordInput } from "@/ui/NewPasswordInput";

export function PasswordForm() {
  const { t } = useTranslation("settings");
  const queries = useQueryClient();
  const form = useForm({ initialValues: { current_password: "", new_password: "" } });
  const { mutation, onSubmit, problem } = useSave(
    form,
    (body) => answered(api.POST("/api/me/password", { body })),
    (answer) => {
      queries.setQueryData(meQuery.queryKey, answer);
      form.reset();
      toast(t("password.changed"));
    },
  );
  return (
    <form onSubmit={onSubmit}>
      <Stack gap="sm">
        {problem && <ErrorNotice error={problem} />}
        <TextInput
          required
          type="password"
          label={t("password.current")}
          autoComplete="current-password"
          {...form.getInputProps("current_password")}
        />
        <NewPasswordInput
          required
          label={t("password.next")}
          description={t("password.nextHint")}
          {...form.getInputProps("new_password")}
        />
        <Group justify="flex-end">
          <Button type="submit" loading={mutation.isPending}>
            {t("password.change")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
