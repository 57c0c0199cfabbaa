/** The address of webmail, or why there is none. */
import { Anchor, Group, Text, Title } from "@mantine/core";
import { useTranslation } from "@/text";
import { CopyIcon } from "@/ui";
import type { ClientSettings } from "./queries";

export function Webmail({ settings }: { settings: ClientSettings }) {
  const { t } = useTranslation("mailboxes");
  return (
    <div>
      <Title order={3} size="h5">
        {t("setup.webmail")}
      </Title>
      <WebmailAddress settings={settings} />
    </div>
  );
}

function WebmailAddress({ settings: { webmail, domain } }: { settings: ClientSettings }) {
  const { t } = useTranslation("mailboxes");
  if (webmail.url) {
    return (
      <Group gap={4} wrap="nowrap">
        <Anchor href={webmail.url} target="_blank" rel="noreferrer" style={{ overflowWrap: "anywhere" }}>
          {webmail.url}
        </Anchor>
        <CopyIcon value={webmail.url} what={t("setup.webmailAddress")} />
      </Group>
    );
  }
  const host = `webmail.${domain}`;
  const why = webmail.status === "skipped" || webmail.status === "unknown" ? webmail.status : "wrong";
  return <Text size="sm">{t(`setup.noWebmail.${why}`, { host })}</Text>;
}
