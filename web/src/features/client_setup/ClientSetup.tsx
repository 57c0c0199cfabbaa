/** Everything that a mail program asks for, to be copied, scanned or loaded; only the password is not there. */
import { Group, Loader, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense } from "react";
import { useTranslation } from "@/text";
import { CopyButton, CopyValue, QueryView } from "@/ui";
import { Files } from "./Files";
import { encryptionName, plainText } from "./plain";
import { type ClientSettings, clientSettingsQuery, type ServerSettings } from "./queries";
import classes from "./setup.module.css";
import { Webmail } from "./Webmail";

const QrCode = lazy(() => import("./QrCode"));

interface ClientSetupProps {
  domain: string;
  username: string;
}

export function ClientSetup({ domain, username }: ClientSetupProps) {
  const { t } = useTranslation("mailboxes");
  const settings = useQuery(clientSettingsQuery(domain, username));
  return (
    <Stack>
      <Text>{t("setup.lead")}</Text>
      <QueryView query={settings}>
        {(found) => <Settings settings={found} email={found.username ?? `${username}@${domain}`} username={username} />}
      </QueryView>
    </Stack>
  );
}

function Settings({ settings, email, username }: { settings: ClientSettings; email: string; username: string }) {
  const { t } = useTranslation("mailboxes");
  const text = plainText(settings, email, t);
  return (
    <Stack gap="lg">
      <div>
        <Title order={3} size="h5">
          {t("setup.login")}
        </Title>
        <CopyValue value={email} what={t("setup.login")} />
        <Text size="sm" c="dimmed">
          {t("setup.loginNote")}
        </Text>
      </div>
      <Server title={t("setup.imap")} server={settings.imap} />
      <Server title={t("setup.smtp")} server={settings.smtp_ssl} />
      <Server title={t("setup.starttls")} server={settings.smtp_starttls} />
      <Webmail settings={settings} />
      <Group>
        <CopyButton value={text} label={t("setup.copyAll")} />
      </Group>
      <Files domain={settings.domain} username={username} />
      <div>
        <Title order={3} size="h5">
          {t("setup.qr")}
        </Title>
        <Text size="sm" c="dimmed" mb="xs">
          {t("setup.qrHint")}
        </Text>
        <div className={classes.qr}>
          <Suspense fallback={<Loader aria-hidden />}>
            <QrCode text={text} name={t("setup.qrName", { email })} />
          </Suspense>
        </div>
      </div>
    </Stack>
  );
}

function Server({ title, server }: { title: string; server: ServerSettings }) {
  const { t } = useTranslation("mailboxes");
  const parts = [
    { part: t("setup.host"), value: server.host },
    { part: t("setup.port"), value: String(server.port) },
    { part: t("setup.encryption"), value: encryptionName(server, t) },
  ];
  return (
    <div>
      <Title order={3} size="h5">
        {title}
      </Title>
      <dl className={classes.parts}>
        {parts.map(({ part, value }) => (
          <div key={part}>
            <dt>{part}</dt>
            <dd>
              <CopyValue value={value} what={t("setup.of", { what: title, part })} />
            </dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
