/** An address and its new password, shown once so that they can be handed over. */
import { Alert, Stack, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useTranslation } from "@/text";
import { CopyButton, CopyValue } from "@/ui";

interface CredentialsProps {
  email: string;
  password: string;
}

export function Credentials({ email, password }: CredentialsProps) {
  const { t } = useTranslation("mailboxes");
  const values = [
    { name: t("made.address"), value: email },
    { name: t("made.password"), value: password },
  ];
  return (
    <Stack gap="xs" align="flex-start">
      {values.map(({ name, value }) => (
        <div key={name}>
          <Text size="sm" fw={600}>
            {name}
          </Text>
          <CopyValue value={value} what={name} />
        </div>
      ))}
      <CopyButton value={t("made.bothText", { email, password })} label={t("made.both")} />
    </Stack>
  );
}

/** What MXroute did otherwise than asked. */
export function Warnings({ of }: { of: readonly string[] }) {
  if (of.length === 0) return null;
  return (
    <Alert color="yellow" icon={<IconAlertTriangle aria-hidden />} role="status">
      {of.map((each) => (
        <Text key={each} size="sm">
          {each}
        </Text>
      ))}
    </Alert>
  );
}
