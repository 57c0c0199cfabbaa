/** Why nothing can be published from here, or why it will not be seen; and what to set by hand then. */
import { Alert, Stack, Text, Title } from "@mantine/core";
import { IconCloudOff, IconCloudQuestion, IconHourglass, IconMailOff } from "@tabler/icons-react";
import { useTranslation } from "@/text";
import { Foreign } from "@/ui/Foreign";
import { CopyRecord } from "./CopyRecord";
import { ManualRecords } from "./ManualRecords";
import type { Health, Zone } from "./queries";

export function ZoneNotice({ domain, health }: { domain: string; health: Health }) {
  const { t } = useTranslation("dns");
  if (health.mail_hosting_enabled === false) {
    return (
      <Alert color="sea" icon={<IconMailOff aria-hidden />}>
        {t("zone.hostingOff")}
      </Alert>
    );
  }
  // Undefined: this person only looks.
  if (health.zone === undefined) return null;
  if (health.zone === null && health.zone_known === false) {
    return (
      <Alert color="yellow" icon={<IconCloudQuestion aria-hidden />} title={t("zone.unknownTitle")}>
        {t("zone.unknown")}
      </Alert>
    );
  }
  if (health.zone === null) {
    return (
      <Stack gap="md">
        <Alert
          color="sea"
          icon={<IconCloudOff aria-hidden />}
          title={health.cf_configured ? t("zone.noneTitle") : t("zone.notConfiguredTitle")}
        >
          {health.cf_configured ? t("zone.none", { domain }) : t("zone.notConfigured")}
        </Alert>
        <ManualRecords domain={domain} health={health} />
      </Stack>
    );
  }
  if (health.zone.status === "active") return null;
  return <Waiting zone={health.zone} />;
}

function Waiting({ zone }: { zone: Zone }) {
  const { t } = useTranslation("dns");
  return (
    <Alert
      color="yellow"
      icon={<IconHourglass aria-hidden />}
      title={<Foreign text={t("zone.waitingTitle", { zone: zone.name })} />}
    >
      <Stack gap="xs">
        <Text size="sm">{t("zone.waiting", { status: zone.status })}</Text>
        {zone.name_servers.length > 0 && (
          <>
            <Title order={3} size="h6">
              {t("zone.nameServers")}
            </Title>
            {zone.name_servers.map((server) => (
              <CopyRecord key={server} value={server} what={server} />
            ))}
          </>
        )}
      </Stack>
    </Alert>
  );
}
