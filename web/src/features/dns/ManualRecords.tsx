/** The records of the checks that are not well, to be set where the DNS of the domain is. */
import { Alert, Paper, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "@/text";
import { QueryView, SkeletonLines } from "@/ui";
import { recordsToSet } from "./manual";
import { expectedQuery, type Health } from "./queries";
import { RecordList } from "./RecordList";

export function ManualRecords({ domain, health }: { domain: string; health: Health }) {
  const { t } = useTranslation("dns");
  const expected = useQuery(expectedQuery(domain));
  return (
    <QueryView query={expected} loading={<SkeletonLines count={5} />}>
      {(data) => {
        const records = recordsToSet(data, health);
        if (records.length === 0) return null;
        return (
          <Paper withBorder p="md">
            <Stack gap="md">
              <Title order={3} size="h5">
                {t("manual.title")}
              </Title>
              <Text>{t("manual.lead")}</Text>
              {health.checks.spf.status === "fail" && health.checks.spf.found.length > 0 && (
                <Alert color="yellow">{t("manual.spf")}</Alert>
              )}
              {health.checks.mx.found.length > 0 && health.checks.mx.status !== "pass" && (
                <Alert color="yellow">{t("manual.mx")}</Alert>
              )}
              <RecordList label={t("manual.title")} records={records} />
            </Stack>
          </Paper>
        );
      }}
    </QueryView>
  );
}
