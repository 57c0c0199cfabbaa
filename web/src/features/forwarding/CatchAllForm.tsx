/** Changing the catch-all. */
import { Button, Group, Radio, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "@/text";
import { ErrorNotice, QueryView, toast, useSave } from "@/ui";
import { type CatchAll, catchAllQuery, changeCatchAll } from "./queries";

interface CatchAllFormProps {
  domain: string;
  onDone: () => void;
}

type Kind = "fail" | "blackhole" | "address";
const KINDS: readonly Kind[] = ["fail", "blackhole", "address"];

export function CatchAllForm({ domain, onDone }: CatchAllFormProps) {
  const catchAll = useQuery(catchAllQuery(domain));
  return (
    <QueryView query={catchAll}>
      {(current) => <LoadedForm domain={domain} current={current} onDone={onDone} />}
    </QueryView>
  );
}

function LoadedForm({ domain, current, onDone }: CatchAllFormProps & { current: CatchAll }) {
  const { t } = useTranslation("forwarding");
  const { t: ui } = useTranslation("ui");
  const queries = useQueryClient();
  const form = useForm({ initialValues: { type: current.type as Kind, address: current.address ?? "" } });
  const { mutation, onSubmit, problem } = useSave(
    form,
    ({ type, address }) => changeCatchAll(domain, { type, address: type === "address" ? address : null }),
    async () => {
      toast(t("catchAll.saved"));
      onDone();
      await queries.invalidateQueries({ queryKey: ["catch-all", domain] });
    },
  );
  return (
    <form onSubmit={onSubmit}>
      <Stack>
        <Text>{t("catchAll.lead", { domain })}</Text>
        {problem && <ErrorNotice error={problem} kept />}
        <Radio.Group label={t("catchAll.title")} {...form.getInputProps("type")}>
          <Stack gap="sm" mt="xs">
            {KINDS.map((kind) => (
              <Radio key={kind} value={kind} label={t(`catchAll.${kind}`)} description={t(`catchAll.${kind}Hint`)} />
            ))}
          </Stack>
        </Radio.Group>
        {form.values.type === "address" && (
          <TextInput required type="email" label={t("catchAll.target")} {...form.getInputProps("address")} />
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onDone}>
            {ui("cancel")}
          </Button>
          <Button type="submit" loading={mutation.isPending}>
            {ui("save")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
