/** The form for a new forwarder. */
import { Alert, Button, Group, Stack } from "@mantine/core";
import { useForm } from "@mantine/form";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "@/text";
import { ErrorNotice, toast, useSave } from "@/ui";
import { ListInput } from "@/ui/ListInput";
import { LocalPartInput } from "@/ui/LocalPartInput";
import { createForwarder } from "./queries";
import { strictProviders } from "./strict";

interface CreateForwarderProps {
  domain: string;
  onDone: () => void;
}

export function CreateForwarder({ domain, onDone }: CreateForwarderProps) {
  const { t } = useTranslation("forwarding");
  const { t: ui } = useTranslation("ui");
  const queries = useQueryClient();
  const form = useForm({ initialValues: { alias: "", destinations: [] as string[] } });
  const { mutation, onSubmit, problem } = useSave(
    form,
    (values) => createForwarder(domain, values),
    async ({ data }) => {
      toast(t("created", { email: data.email }));
      onDone();
      await queries.invalidateQueries({ queryKey: ["forwarders", domain] });
    },
  );
  const strict = strictProviders(form.values.destinations);
  return (
    <form onSubmit={onSubmit}>
      <Stack>
        {problem && <ErrorNotice error={problem} kept />}
        <LocalPartInput
          domain={domain}
          data-autofocus
          required
          label={t("alias")}
          description={t("aliasHint", { domain })}
          {...form.getInputProps("alias")}
        />
        <ListInput
          required
          label={t("destinations")}
          description={t("destinationsHint")}
          {...form.getInputProps("destinations")}
        />
        {strict.length > 0 && (
          <Alert color="yellow" icon={<IconAlertTriangle aria-hidden />} role="status">
            {t("strict", { providers: strict.join(", ") })}
          </Alert>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onDone}>
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
