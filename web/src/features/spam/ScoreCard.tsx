/** The score from which mail is deleted. */
import { Button, Group, NumberInput, Paper, Skeleton, Stack, Text, Title } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "@/text";
import { ErrorNotice, QueryView, toast, useSave } from "@/ui";
import { changeScore, spamSettingsQuery } from "./queries";

export function ScoreCard({ domain }: { domain: string }) {
  const { t } = useTranslation("spam");
  const settings = useQuery(spamSettingsQuery(domain));
  return (
    <Paper withBorder p="md">
      <Stack gap="sm">
        <Title order={2} size="h5">
          {t("score.title")}
        </Title>
        <Text size="sm">{t("score.lead")}</Text>
        <QueryView query={settings} loading={<Skeleton height={84} />}>
          {({ high_score }) => <ScoreForm key={high_score} domain={domain} score={high_score} />}
        </QueryView>
      </Stack>
    </Paper>
  );
}

function ScoreForm({ domain, score }: { domain: string; score: number | null }) {
  const { t } = useTranslation("spam");
  const { t: ui } = useTranslation("ui");
  const queries = useQueryClient();
  const form = useForm({ initialValues: { high_score: score ?? ("" as number | "") } });
  const { mutation, onSubmit, problem } = useSave(
    form,
    ({ high_score }) => changeScore(domain, { high_score: Number(high_score) }),
    async ({ data }) => {
      toast(t("score.saved", { score: data.high_score }));
      await queries.invalidateQueries({ queryKey: spamSettingsQuery(domain).queryKey });
    },
  );
  return (
    <form onSubmit={onSubmit}>
      <Stack gap="sm">
        {problem && <ErrorNotice error={problem} kept />}
        {score === null && <Text size="sm">{t("score.unset")}</Text>}
        <Group align="flex-end">
          <NumberInput
            required
            min={1}
            max={50}
            allowDecimal={false}
            w={240}
            label={t("score.label")}
            description={t("score.hint")}
            {...form.getInputProps("high_score")}
          />
          <Button type="submit" loading={mutation.isPending} disabled={!form.isDirty()}>
            {ui("save")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
