/** Choosing the default or a policy of the domain's own. The text is what is saved; the fields are a view of it. */
import { Alert, Button, Code, Group, Paper, Radio, Stack, Text, Title } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTranslation } from "@/text";
import { ErrorNotice, toast, useSave } from "@/ui";
import { Foreign } from "@/ui/Foreign";
import { DmarcFields } from "./DmarcFields";
import { DmarcWarnings } from "./DmarcWarnings";
import { type DmarcValues, recordOf, valuesOf, wrongTyped } from "./dmarcValues";
import { Outdated } from "./Outdated";
import { changeDmarcPolicy, type DmarcPolicy, dmarcPolicyQuery, isOutdated } from "./queries";

interface DmarcFormProps {
  domain: string;
  policy: DmarcPolicy;
  /** The one valid record in public DNS, if there is one and it is known. */
  published: string | undefined;
}

export function DmarcForm({ domain, policy, published }: DmarcFormProps) {
  const { t } = useTranslation("dns");
  const queries = useQueryClient();
  const fault = (name: "rua" | "ruf") => (_: string, values: DmarcValues) => {
    const what = wrongTyped(values, name);
    return what === undefined ? null : <Foreign text={t("dmarc.field.reportsFault", { what })} />;
  };
  const form = useForm<DmarcValues>({
    initialValues: valuesOf(policy),
    validate: { rua: fault("rua"), ruf: fault("ruf") },
  });
  const { own, dmarc_record: text } = form.values;
  // What the form began with: only that may be replaced without a word.
  const [basis, setBasis] = useState(policy);
  const { mutation, onSubmit, problem } = useSave(
    form,
    (values) => changeDmarcPolicy(domain, recordOf(values), basis.fingerprint),
    async (answer, sent) => {
      toast(answer.data.custom ? t("dmarc.savedOwn") : t("dmarc.savedDefault"));
      queries.setQueryData(dmarcPolicyQuery(domain).queryKey, answer);
      setBasis(answer.data);
      form.setInitialValues(valuesOf(answer.data));
      // Unless somebody types on already.
      if (JSON.stringify(form.getValues()) === JSON.stringify(sent)) form.setValues(valuesOf(answer.data));
      await queries.invalidateQueries({ queryKey: ["dns", domain] });
    },
  );
  const outdated = isOutdated(mutation.error);
  useEffect(() => {
    if (outdated) void queries.invalidateQueries({ queryKey: dmarcPolicyQuery(domain).queryKey });
  }, [outdated, queries, domain]);
  const changed = policy.fingerprint !== basis.fingerprint;
  const take = () => {
    mutation.reset();
    setBasis(policy);
    form.setInitialValues(valuesOf(policy));
    form.setValues(valuesOf(policy));
  };
  const keep = () => {
    mutation.reset();
    setBasis(policy);
  };
  // Nothing of anybody's is lost where nothing was typed.
  useEffect(() => {
    if (changed && !outdated && !form.isDirty()) take();
  });
  const wanted = own === "own" ? text : policy.default;
  const warnings = mutation.data?.meta?.warnings ?? [];
  return (
    <form onSubmit={onSubmit}>
      <Paper withBorder p="md">
        <Stack gap="md">
          <Title order={3} size="h5">
            {t("dmarc.change")}
          </Title>
          {changed && (
            <Outdated title={t("dmarc.changed")} hint={t("dmarc.changedHint")}>
              <Code style={{ overflowWrap: "anywhere" }}>{policy.effective}</Code>
              <Group gap="sm">
                <Button size="xs" variant="default" onClick={take}>
                  {t("dmarc.changedTake")}
                </Button>
                <Button size="xs" variant="default" onClick={keep}>
                  {t("dmarc.changedKeep")}
                </Button>
              </Group>
            </Outdated>
          )}
          {problem && !changed && <ErrorNotice error={problem} kept />}
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
          {own === "own" && <DmarcFields form={form} />}
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
