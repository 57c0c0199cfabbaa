/** A new token's secret, shown once, with a line to try it. */
import { Alert, Button, Group, Stack, Text, Title } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useTranslation } from "@/text";
import { CopyValue } from "@/ui";
import type { TokenMade } from "./queries";

export function TokenSecret({ made, onDone }: { made: TokenMade; onDone: () => void }) {
  const { t } = useTranslation("access");
  if (!made.token) return <Text>{t("tokens.missingOnce")}</Text>;
  const curl = `curl -sS -H "Authorization: Bearer ${made.token}" ${window.location.origin}/api/me`;
  return (
    <Stack>
      <Alert color="yellow" icon={<IconAlertTriangle aria-hidden />} role="status">
        {t("tokens.once")}
      </Alert>
      <Stack gap={4}>
        <Title order={3} size="h5">
          {t("tokens.token")}
        </Title>
        <CopyValue value={made.token} what={t("tokens.token")} />
      </Stack>
      <Stack gap={4}>
        <Title order={3} size="h5">
          {t("tokens.curl")}
        </Title>
        <CopyValue value={curl} what="curl" />
      </Stack>
      <Group justify="flex-end">
        <Button onClick={onDone}>{t("tokens.done")}</Button>
      </Group>
    </Stack>
  );
}
