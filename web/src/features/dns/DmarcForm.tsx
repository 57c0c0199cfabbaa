/** Choosing the default or a policy of the domain's own. The text is what is saved; the fields are a view of it. */
import { Alert, Button, Code, Group, Paper, Radio, Stack, Text, Title } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "@/text";
import { ErrorNotice, toast, useSave } from "@/ui";
import { DmarcFields } from "./DmarcFields";
import { DmarcWarnings } from "./DmarcWarnings";
import { changeDmarcPolicy, type DmarcPolicy } from "./queries";

interface DmarcFormProps {
  domain: string;
  policy: DmarcPolicy;
  /** The one valid record in public DNS, if there is one and it is known. */
  published: string | undefined;
}

export function DmarcForm({ domain, policy, published }: DmarcFormProps) {
  const { t } = useTranslation("dns");
  const queries = useQueryClient();
  const form = useForm({
    initialValues: {
      own: policy.custom ? "own" : "default",
      dmarc_record: policy.custom_value ?? policy.default,
    },
  });
  const { own, dmarc_record: text } = form.values;
  const { mutation, submit, problem } = useSave(
    form,
    (values) => changeDmarcPolicy(domain, values.own === "own" ? values.dmarc_record : null),
    async ({ data }) => {
      toast(data.custom ? t("dmarc.savedOwn") : t("dmarc.savedDefault"));
      await queries.invalidateQueries({ queryKey: ["dns", domain] });
    },
  );
  const wanted = own === "own" ? text : policy.default;
  const warnings = mutation.data?.meta?.warnings ?? [];
  return (
    <form onSubmit={form.onSubmit(submit)}>
      <Paper withBorder p="md">
        <Stack gap="md">
          <Title order={3} size="h5">
            {t("dmarc.change")}
          </Title>
          {problem && <ErrorNotice error={problem} kept />}
          <Radio.Group label={t("dmarc.which")} {...form.getInputProps("own")}>
            <Stack gap="sm" mt="xs">
              <Radio
                value="default"
                label={t("dmarc.default")}
                description={<Code style={{ overflowWrap: "anywhere" }}>{policy.default}</Code>}
              />
              <Radio value="own" label={t("dmarc.own")} description={t("dmarc.ownHint")} />
            </Stack>
          </Radio.Group>
          {own === "own" && (
            <DmarcFields
              text={text}
              error={form.errors.dmarc_record}
              onChange={(next) => form.setFieldValue("dmarc_record", next)}
            />
          )}
          <DmarcWarnings wanted={wanted} published={published} own={own === "own"} domain={domain} />
          {warnings.length > 0 && (
            <Alert color="yellow" role="status" title={t("dmarc.savedWarnings")}>
              {warnings.map((each) => (
                <Text key={each} size="sm">
                  {each}
                </Text>
              ))}
            </Alert>
          )}
          <Group justify="flex-end">
            <Text size="sm" c="dimmed">
              {t("dmarc.notPublished")}
            </Text>
            <Button type="submit" loading={mutation.isPending}>
              {t("dmarc.save")}
            </Button>
          </Group>
        </Stack>
      </Paper>
    </form>
  );
}
