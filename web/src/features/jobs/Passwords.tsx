/** Passwords that an import made, for its creator until they are kept elsewhere. Shown only when asked for. */
import { Button, Group, Paper, Stack, Table, Text, Title } from "@mantine/core";
import { IconDownload, IconEye } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import type { Schema } from "@/api/client";
import { ApiError } from "@/api/errors";
import { useTranslation } from "@/text";
import { ConfirmDialog, CopyIcon, ErrorNotice, toast } from "@/ui";
import { saveFile, toCsv } from "@/ui/files";
import { dateTime } from "@/ui/format";
import { fetchPasswords } from "./queries";

export function Passwords({ id }: { id: string }) {
  const { t } = useTranslation("jobs");
  const [erasing, setErasing] = useState(false);
  const show = useMutation({ mutationFn: () => fetchPasswords(id) });
  const erase = useMutation({
    mutationFn: () => fetchPasswords(id, true),
    onSuccess: () => {
      toast(t("passwords.acknowledged"));
      setErasing(false);
      show.reset();
    },
  });
  const found = show.data?.data;
  const gone = show.error instanceof ApiError && show.error.status === 404;
  return (
    <Paper withBorder p="md">
      <Stack gap="sm">
        <Title order={2} size="h4">
          {t("passwords.title")}
        </Title>
        {!found && (
          <Group>
            <Button
              variant="default"
              leftSection={<IconEye size={18} aria-hidden />}
              loading={show.isPending}
              onClick={() => show.mutate()}
            >
              {t("passwords.show")}
            </Button>
          </Group>
        )}
        {(gone || found?.passwords.length === 0) && <Text>{t("passwords.none")}</Text>}
        {show.error && !gone && <ErrorNotice error={show.error} onRetry={() => show.mutate()} />}
        {found && found.passwords.length > 0 && <Shown found={found} onErase={() => setErasing(true)} />}
      </Stack>
      {erasing && (
        <ConfirmDialog
          opened
          title={t("passwords.acknowledge")}
          effect={t("passwords.acknowledgeEffect")}
          action={t("passwords.acknowledge")}
          busy={erase.isPending}
          error={erase.error}
          onConfirm={() => erase.mutate()}
          onClose={() => setErasing(false)}
        />
      )}
    </Paper>
  );
}

function Shown({ found, onErase }: { found: Schema<"PasswordsOut">; onErase: () => void }) {
  const { t } = useTranslation("jobs");
  const rows = found.passwords;
  const csv = () =>
    toCsv(
      ["email", "password"],
      rows.map(({ email, password }) => [email, password]),
    );
  return (
    <>
      <Text size="sm">
        {found.expires_at ? t("passwords.hint", { until: dateTime(found.expires_at) }) : t("passwords.hintRunning")}
      </Text>
      <Table.ScrollContainer minWidth={320} mah={400}>
        <Table aria-label={t("passwords.title")}>
          <Table.Tbody>
            {rows.map(({ email, password }) => (
              <Table.Tr key={email}>
                <Table.Th scope="row" fw={400}>
                  {email}
                </Table.Th>
                <Table.Td ff="monospace">{password}</Table.Td>
                <Table.Td w={1}>
                  <CopyIcon value={password} what={email} />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      <Group>
        <Button
          leftSection={<IconDownload size={18} aria-hidden />}
          onClick={() => saveFile("passwords.csv", "text/csv", csv())}
        >
          {t("passwords.download")}
        </Button>
        <Button variant="default" onClick={onErase}>
          {t("passwords.acknowledge")}
        </Button>
      </Group>
    </>
  );
}
