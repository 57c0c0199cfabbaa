/** A token to be made. */
import { Button, Group, NativeSelect, Stack, Switch, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "@/text";
import { ErrorNotice, useSave } from "@/ui";
import { ListInput } from "@/ui/ListInput";
import { EXPIRIES, type Expiry, expiresAt, today } from "./expiry";
import { GrantsInput } from "./GrantsInput";
import { type Grants, toList } from "./grants";
import { createToken, type TokenMade, tokensQuery } from "./queries";

interface TokenFormProps {
  onMade: (made: TokenMade) => void;
  onCancel: () => void;
}

interface Values {
  label: string;
  is_admin: boolean;
  grants: Grants;
  expiry: Expiry;
  expires_at: string;
  allowed_networks: string[];
}

export function TokenForm({ onMade, onCancel }: TokenFormProps) {
  const { t } = useTranslation("access");
  const { t: ui } = useTranslation("ui");
  const queries = useQueryClient();
  // Counted from here, so that the very same can be sent again when an answer was lost.
  const [opened] = useState(() => new Date());
  const form = useForm<Values>({
    initialValues: { label: "", is_admin: false, grants: {}, expiry: "d365", expires_at: "", allowed_networks: [] },
    validate: {
      grants: (grants, { is_admin }) => (is_admin || Object.keys(grants).length > 0 ? null : t("tokens.needsGrant")),
    },
  });
  const { mutation, onSubmit, problem } = useSave(
    form,
    (values: Values) =>
      createToken({
        label: values.label,
        is_admin: values.is_admin,
        grants: values.is_admin ? null : toList(values.grants),
        expires_at: expiresAt(values.expiry, values.expires_at, opened),
        allowed_networks: values.allowed_networks.length > 0 ? values.allowed_networks : null,
      }),
    async ({ data }) => {
      onMade(data);
      await queries.invalidateQueries({ queryKey: tokensQuery.queryKey });
    },
  );
  return (
    <form onSubmit={onSubmit}>
      <Stack>
        {problem && <ErrorNotice error={problem} kept />}
        <TextInput
          data-autofocus
          required
          maxLength={80}
          label={t("tokens.label")}
          description={t("tokens.labelHint")}
          {...form.getInputProps("label")}
        />
        <Switch
          label={t("admin")}
          description={t("tokens.adminHint")}
          {...form.getInputProps("is_admin", { type: "checkbox" })}
        />
        {!form.values.is_admin && (
          <GrantsInput
            value={form.values.grants}
            onChange={(grants) => form.setFieldValue("grants", grants)}
            error={form.errors.grants}
          />
        )}
        <Group align="flex-start" grow>
          <NativeSelect
            label={t("tokens.expires")}
            data={EXPIRIES.map((value) => ({ value, label: t(`tokens.expiry.${value}`) }))}
            {...form.getInputProps("expiry")}
          />
          {form.values.expiry === "date" && (
            <TextInput
              required
              type="date"
              min={today()}
              label={t("tokens.expiryDate")}
              {...form.getInputProps("expires_at")}
            />
          )}
        </Group>
        <ListInput
          label={t("tokens.networks")}
          description={t("tokens.networksHint")}
          {...form.getInputProps("allowed_networks")}
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={onCancel}>
            {ui("cancel")}
          </Button>
          <Button type="submit" loading={mutation.isPending}>
            {t("tokens.create")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
