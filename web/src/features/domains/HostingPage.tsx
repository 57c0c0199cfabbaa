/** What MXroute does for the domain: hosting of its mail, the certificate, who owns it, and the end of it. */
import { Button, Group, Paper, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { ExpectedRecords } from "@/features/dns/api";
import { may, useMe } from "@/features/identity/api";
import { useTranslation } from "@/text";
import { Freshness, QueryView, StatusBadge } from "@/ui";
import { AppLink } from "@/ui/AppLink";
import { useWhileHere } from "@/ui/useWhileHere";
import { DeleteDomain } from "./DeleteDomain";
import { domainQuery } from "./queries";
import { SwitchHosting } from "./SwitchHosting";

const route = getRouteApi("/domains/$domain/hosting");

export function HostingPage() {
  const { t } = useTranslation("domains");
  const { domain } = route.useParams();
  const { panel } = route.useSearch();
  const navigate = route.useNavigate();
  const me = useMe();
  const found = useQuery(domainQuery(domain));
  const open = (next?: typeof panel) => void navigate({ search: (before) => ({ ...before, panel: next }) });
  const close = useWhileHere(() => open());
  const hosting = found.data?.data.mail_hosting ?? null;
  return (
    <Stack gap="lg">
      <Title order={2} size="h3">
        {t("tab.hosting")}
      </Title>
      <QueryView query={found}>
        {({ mail_hosting, ssl_enabled }, meta) => (
          <Stack gap="lg">
            <Part
              title={t("hosting.mail")}
              action={
                me.is_admin && (
                  <Button variant="default" onClick={() => open("switch")}>
                    {mail_hosting === false ? t("hosting.switchOn") : t("hosting.switchOff")}
                  </Button>
                )
              }
            >
              {mail_hosting === null ? (
                t("fact.unknown")
              ) : (
                <>
                  <StatusBadge
                    status={mail_hosting ? "pass" : "skipped"}
                    label={mail_hosting ? t("fact.on") : t("fact.off")}
                  />{" "}
                  {mail_hosting ? t("hosting.isOn") : t("hosting.isOff")}
                </>
              )}
            </Part>
            <Part title={t("hosting.certificate")}>
              {ssl_enabled === null ? (
                t("fact.unknown")
              ) : (
                <StatusBadge
                  status={ssl_enabled ? "pass" : "warn"}
                  label={ssl_enabled ? t("hosting.covered") : t("hosting.uncovered")}
                />
              )}{" "}
              {t("hosting.certificateHint")} {ssl_enabled === false && t("hosting.untilThen")}
            </Part>
            <Freshness at={meta?.fetched_at} onRefresh={() => void found.refetch()} busy={found.isFetching} />
          </Stack>
        )}
      </QueryView>
      <Part title={t("hosting.webmail")}>
        {t("hosting.webmailHint", { domain })}{" "}
        {may(me, domain, "dns") && (
          <AppLink to="/domains/$domain/dns" params={{ domain }} search={{ panel: "plan", records: ["webmail"] }}>
            {t("hosting.webmailLink")}
          </AppLink>
        )}
      </Part>
      <Part title={t("hosting.records")}>
        <Stack gap="sm">
          <Text>{t("hosting.recordsHint")}</Text>
          <ExpectedRecords domain={domain} />
        </Stack>
      </Part>
      {me.is_admin && (
        <Part
          title={t("delete.title")}
          action={
            <Button color="red.9" onClick={() => open("delete")}>
              {t("delete.open")}
            </Button>
          }
        >
          {t("delete.lead")}
        </Part>
      )}
      {panel === "switch" && me.is_admin && found.data && (
        <SwitchHosting domain={domain} on={hosting !== false} onClose={close} />
      )}
      {panel === "delete" && me.is_admin && <DeleteDomain domain={domain} onClose={close} />}
    </Stack>
  );
}

function Part({ title, action, children }: { title: string; action?: ReactNode; children: ReactNode }) {
  return (
    <Paper withBorder p="md">
      <Group justify="space-between" align="flex-start" gap="md">
        <Stack gap={6} style={{ flex: "1 1 20rem", minWidth: 0 }}>
          <Title order={3} size="h5">
            {title}
          </Title>
          <Text component="div" maw="75ch">
            {children}
          </Text>
        </Stack>
        {action}
      </Group>
    </Paper>
  );
}
