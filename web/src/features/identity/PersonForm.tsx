/** A person and their rights: a new one, or an existing one to be changed. */
import { Button, Group, Stack, Switch, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "@/text";
import { ErrorNotice, toast, useSave } from "@/ui";
import { NewPasswordInput } from "@/ui/NewPasswordInput";
import { GrantsInput } from "./GrantsInput";
import { fromList, type Grants, toList } from "./grants";
import { type Person, peopleQuery, savePerson } from "./queries";

interface PersonFormProps {
  person?: Person;
  onDone: () => void;
}

export function PersonForm({ person, onDone }: PersonFormProps) {
  const { t } = useTranslation("access");
  const { t: ui } = useTranslation("ui");
  const queries = useQueryClient();
  const form = useForm({
    initialValues: {
      email: person?.email ?? "",
      contact_email: person?.contact_email ?? "",
      password: "",
      domains: person?.is_admin ?? false,
      grants: fromList(person?.grants ?? []) as Grants,
    },
    validate: {
      grants: (grants, { domains: admin }) => (admin || Object.keys(grants).length > 0 ? null : t("people.needsGrant")),
    },
  });
  const [before] = useState(person);
  /** What is saved replaces all rights of the person: those that somebody else gave meanwhile shall not go unseen. */
  async function checkUnchanged() {
    if (!before) return;
    const people = await queries.fetchQuery({ ...peopleQuery, staleTime: 0 });
    const now = people.data.find((each) => each.email === before.email);
    if (!now) throw new Error(t("people.gone", { email: before.email }));
    if (JSON.stringify(now) !== JSON.stringify(before)) throw new Error(t("people.changed", { email: before.email }));
  }

  const { mutation, onSubmit, problem } = useSave(
    form,
    async (values) => {
      await checkUnchanged();
      return savePerson({
        email: values.email,
        contact_email: values.contact_email || null,
        password: values.password || null,
        domains: values.domains ? ["*"] : null,
        grants: values.domains ? null : toList(values.grants),
      });
    },
    async (_, { email }) => {
      toast(person ? t("people.saved", { email }) : t("people.created", { email }));
      onDone();
      await queries.invalidateQueries({ queryKey: peopleQuery.queryKey });
    },
  );
  return (
    <form onSubmit={onSubmit}>
      <Stack>
        {problem && <ErrorNotice error={problem} kept />}
        <TextInput
          data-autofocus={!person || undefined}
          required
          type="email"
          label={t("people.email")}
          description={t("people.emailHint")}
          disabled={person !== undefined}
          autoComplete="off"
          {...form.getInputProps("email")}
        />
        <NewPasswordInput
          required={person === undefined}
          label={t("people.password")}
          description={person ? t("people.newPasswordHint") : t("people.passwordHint")}
          {...form.getInputProps("password")}
        />
        <TextInput
          type="email"
          label={t("people.contact")}
          description={t("people.contactHint")}
          autoComplete="off"
          {...form.getInputProps("contact_email")}
        />
        <Switch
          label={t("admin")}
          description={t("adminHint")}
          {...form.getInputProps("domains", { type: "checkbox" })}
        />
        {!form.values.domains && (
          <GrantsInput
            value={form.values.grants}
            onChange={(grants) => form.setFieldValue("grants", grants)}
            error={form.errors.grants}
          />
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onDone}>
            {ui("cancel")}
          </Button>
          <Button type="submit" loading={mutation.isPending}>
            {person ? ui("save") : t("people.createAction")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
