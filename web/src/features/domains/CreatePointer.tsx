/** The form for a new pointer. */
import { Button, Group, Radio, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "@/text";
import { ErrorNotice, toast, useSave } from "@/ui";
import { createPointer, domainQuery } from "./queries";

type Kind = "alias" | "redirect";
const KINDS: readonly Kind[] = ["alias", "redirect"];

export function CreatePointer({ domain, onDone }: { domain: string; onDone: () => void }) {
  const { t } = useTranslation("domains");
  const { t: ui } = useTranslation("ui");
  const queries = useQueryClient();
  const form = useForm({ initialValues: { pointer: "", kind: "alias" as Kind } });
  const { mutation, onSubmit, problem } = useSave(
    form,
    ({ pointer, kind }) => createPointer(domain, { pointer: pointer.trim(), alias: kind === "alias" }),
    async ({ data }) => {
      toast(t("pointer.created", { pointer: data.pointer, domain }));
      onDone();
      await queries.invalidateQueries({ queryKey: domainQuery(domain).queryKey });
    },
  );
  return (
    <form onSubmit={onSubmit}>
      <Stack>
        {problem && <ErrorNotice error={problem} kept />}
        <TextInput
          data-autofocus
          required
          label={t("pointer.name")}
          description={t("pointer.nameHint", { domain })}
          autoCapitalize="none"
          autoComplete="off"
          spellCheck={false}
          {...form.getInputProps("pointer")}
        />
        <Radio.Group label={t("pointer.kind")} {...form.getInputProps("kind")}>
          <Stack gap="sm" mt="xs">
            {KINDS.map((kind) => (
              <Radio
                key={kind}
                value={kind}
                label={t(`pointer.${kind}`)}
                description={t(`pointer.${kind}Hint`, { domain })}
              />
            ))}
          </Stack>
        </Radio.Group>
        <Group justify="flex-end">
          <Button variant="default" onClick={onDone}>
            {ui("cancel")}
          </Button>
          <Button type="submit" loading={mutation.isPending}>
            {t("pointer.create")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
