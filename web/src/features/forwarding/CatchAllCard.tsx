/** What becomes of mail to addresses that do not exist. */
import { Button, Group, Paper, Skeleton, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "@/text";
import { QueryView } from "@/ui";
import { catchAllQuery } from "./queries";

export function CatchAllCard({ domain, onChange }: { domain: string; onChange: () => void }) {
  const { t } = useTranslation("forwarding");
  const catchAll = useQuery(catchAllQuery(domain));
  return (
    <Paper withBorder p="md">
      <Group justify="space-between">
        <Stack gap={2}>
          <Title order={2} size="h5">
            {t("catchAll.title")}
          </Title>
          <QueryView query={catchAll} loading={<Skeleton height={24} width={220} />}>
            {({ type, address }) => (
              <Text>
                {type === "address"
                  ? t("catchAll.is.address", { address })
                  : type === "blackhole"
                    ? t("catchAll.is.blackhole")
                    : t("catchAll.is.fail")}
              </Text>
            )}
          </QueryView>
        </Stack>
        <Button variant="default" onClick={onChange} disabled={!catchAll.data}>
          {t("catchAll.change")}
        </Button>
      </Group>
    </Paper>
  );
}
