/** Files that set a mail program up by themselves. */
import { Button, Group, Stack, Text, Title } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useTranslation } from "@/text";
import { fileAddresses } from "./queries";

interface FilesProps {
  domain: string;
  username: string;
}

export function Files({ domain, username }: FilesProps) {
  const { t } = useTranslation("mailboxes");
  const addresses = fileAddresses(domain, username);
  return (
    <div>
      <Title order={3} size="h5">
        {t("setup.files")}
      </Title>
      <Text size="sm" c="dimmed" mb="xs">
        {t("setup.filesLead")}
      </Text>
      <Stack gap="sm">
        <File address={addresses.apple} name={t("setup.apple")} hint={t("setup.appleHint")} />
        <File
          address={addresses.thunderbird}
          name={t("setup.thunderbird")}
          hint={t("setup.thunderbirdHint", { domain })}
        />
      </Stack>
    </div>
  );
}

function File({ address, name, hint }: { address: string; name: string; hint: string }) {
  return (
    <Group gap="sm" align="flex-start">
      <Button
        component="a"
        href={address}
        download
        variant="default"
        leftSection={<IconDownload size={18} aria-hidden />}
        w="17rem"
      >
        {name}
      </Button>
      <Text size="sm" style={{ flex: "1 1 14rem" }}>
        {hint}
      </Text>
    </Group>
  );
}
