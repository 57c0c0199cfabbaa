/** What is worth doing next on a domain; one thing at a time. */
import { Alert, Group, Text } from "@mantine/core";
import { IconArrowRight, IconCircleCheck } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { type FleetRow, failing } from "@/features/fleet/api";
import { may, useMe } from "@/features/identity/api";
import { useTranslation } from "@/text";
import { AppButton } from "@/ui/AppLink";

interface NextStepProps {
  domain: string;
  hosting: boolean | null;
  /** Undefined while it is not known. */
  row: FleetRow | undefined;
}

/** Checks that leave something open when they were not made. */
const SAID = ["mx", "spf", "dkim", "dmarc", "mail"] as const;

export function NextStep({ domain, hosting, row }: NextStepProps) {
  const { t } = useTranslation("domains");
  const { t: dns } = useTranslation("dns");
  const me = useMe();
  const params = { domain };
  if (hosting === false) {
    return (
      <Step text={t("next.hosting")}>
        {me.is_admin && (
          <AppButton to="/domains/$domain/hosting" params={params}>
            {t("next.hostingAction")}
          </AppButton>
        )}
      </Step>
    );
  }
  if (row && failing(row).length > 0) {
    return (
      <Step text={t("next.dns", { count: failing(row).length })}>
        <AppButton to="/domains/$domain/dns" params={params}>
          {may(me, domain, "dns") ? t("next.dnsAction") : t("next.dnsLook")}
        </AppButton>
      </Step>
    );
  }
  if (row?.mailbox_count === 0 && may(me, domain, "emails")) {
    return (
      <Step text={t("next.mailboxes")}>
        <AppButton to="/email-accounts/$domain" params={params} search={{ panel: "create" }}>
          {t("next.mailboxesAction")}
        </AppButton>
      </Step>
    );
  }
  if (row?.dns?.overall !== "healthy") return null;
  const open = SAID.filter((key) => row.dns?.checks[key]?.status === "skipped").map((key) => dns(`key.${key}`));
  return (
    <Group gap="xs">
      <IconCircleCheck size={20} aria-hidden />
      <Text>{open.length > 0 ? t("next.asFar", { checks: open.join(", ") }) : t("next.nothing")}</Text>
    </Group>
  );
}

function Step({ text, children }: { text: string; children: ReactNode }) {
  const { t } = useTranslation("domains");
  return (
    <Alert color="sea" icon={<IconArrowRight aria-hidden />} title={t("next.title")}>
      <Group justify="space-between" gap="sm">
        <Text size="sm">{text}</Text>
        {children}
      </Group>
    </Alert>
  );
}
