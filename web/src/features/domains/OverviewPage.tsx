/** One domain at a glance: how it stands, what is in it, what to do next. */
import { Anchor, Group, SimpleGrid, Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { FailingChecks, type FleetRow, fleetQuery } from "@/features/fleet/api";
import { may, useMe } from "@/features/identity/api";
import { useTranslation } from "@/text";
import { Ago, QueryView, StatusBadge } from "@/ui";
import { AppLink } from "@/ui/AppLink";
import { number } from "@/ui/format";
import { Fact } from "./Fact";
import { NextStep } from "./NextStep";
import { clientSettingsQuery, domainQuery, forwarderCountQuery } from "./queries";

const route = getRouteApi("/domains/$domain/");

export function OverviewPage() {
  const { domain } = route.useParams();
  const me = useMe();
  const found = useQuery(domainQuery(domain));
  const row = useQuery(fleetQuery).data?.data.domains.find((each) => each.domain === domain);
  return (
    <QueryView query={found}>
      {({ mail_hosting, pointers }) => (
        <Stack gap="lg">
          <NextStep domain={domain} hosting={mail_hosting} row={row} />
          <SimpleGrid cols={{ base: 1, xs: 2, lg: 3 }}>
            <Hosting on={mail_hosting} domain={domain} />
            {may(me, domain, "dns", "dashboard") && <Dns domain={domain} row={row} />}
            {may(me, domain, "emails", "dashboard") && <Mailboxes domain={domain} row={row} />}
            {may(me, domain, "forwarders") && <Forwarders domain={domain} />}
            <Pointers domain={domain} names={pointers} />
            {may(me, domain, "emails", "dashboard") && <Webmail domain={domain} row={row} />}
          </SimpleGrid>
        </Stack>
      )}
    </QueryView>
  );
}

function Hosting({ on, domain }: { on: boolean | null; domain: string }) {
  const { t } = useTranslation("domains");
  const me = useMe();
  return (
    <Fact
      title={t("fact.hosting")}
      link={
        me.is_admin && (
          <AppLink to="/domains/$domain/hosting" params={{ domain }}>
            {t("fact.hostingLink")}
          </AppLink>
        )
      }
    >
      {on === null ? (
        t("fact.unknown")
      ) : (
        <StatusBadge status={on ? "pass" : "skipped"} label={on ? t("fact.on") : t("fact.off")} />
      )}
    </Fact>
  );
}

function Dns({ domain, row }: { domain: string; row: FleetRow | undefined }) {
  const { t } = useTranslation("domains");
  return (
    <Fact
      title={t("fact.dns")}
      note={
        row?.checked_at && (
          <>
            {t("fact.checked")} <Ago at={row.checked_at} />
          </>
        )
      }
      link={
        <AppLink to="/domains/$domain/dns" params={{ domain }}>
          {t("fact.dnsLink")}
        </AppLink>
      }
    >
      {row?.dns ? (
        <Group gap={6}>
          <StatusBadge status={row.dns.overall} />
          <FailingChecks row={row} />
        </Group>
      ) : (
        t("fact.notRead")
      )}
    </Fact>
  );
}

function Mailboxes({ domain, row }: { domain: string; row: FleetRow | undefined }) {
  const { t } = useTranslation("domains");
  return (
    <Fact
      title={t("fact.mailboxes")}
      link={
        <AppLink to="/email-accounts/$domain" params={{ domain }}>
          {t("fact.mailboxesLink")}
        </AppLink>
      }
    >
      {typeof row?.mailbox_count === "number" ? number(row.mailbox_count) : t("fact.notRead")}
    </Fact>
  );
}

function Forwarders({ domain }: { domain: string }) {
  const { t } = useTranslation("domains");
  const forwarders = useQuery(forwarderCountQuery(domain));
  return (
    <Fact
      title={t("fact.forwarders")}
      link={
        <AppLink to="/forwarders/$domain" params={{ domain }}>
          {t("fact.forwardersLink")}
        </AppLink>
      }
    >
      {forwarders.data ? number(forwarders.data.data.length) : forwarders.error ? t("fact.unread") : "…"}
    </Fact>
  );
}

function Pointers({ domain, names }: { domain: string; names: readonly string[] }) {
  const { t } = useTranslation("domains");
  const me = useMe();
  return (
    <Fact
      title={t("fact.pointers")}
      link={
        may(me, domain, "forwarders", "dashboard") && (
          <AppLink to="/domains/$domain/pointers" params={{ domain }}>
            {t("fact.pointersLink")}
          </AppLink>
        )
      }
    >
      {names.length === 0 ? t("fact.none") : names.join(", ")}
    </Fact>
  );
}

function Webmail({ domain, row }: { domain: string; row: FleetRow | undefined }) {
  const { t } = useTranslation("domains");
  const me = useMe();
  const known = row?.dns?.checks.webmail?.status;
  // What does not exist, or leads elsewhere, needs no further question.
  const settings = useQuery({
    ...clientSettingsQuery(domain),
    enabled: row !== undefined && known !== "skipped" && known !== "warn",
  });
  const found = settings.data?.data.webmail;
  const status = found?.status ?? known;
  return (
    <Fact
      title={t("fact.webmail")}
      link={
        may(me, domain, "dns") &&
        (status === "skipped" || status === "warn") && (
          <AppLink to="/domains/$domain/dns" params={{ domain }} search={{ panel: "plan", records: ["webmail"] }}>
            {t("fact.webmailLink")}
          </AppLink>
        )
      }
    >
      {found?.url ? (
        <Anchor href={found.url} target="_blank" rel="noreferrer">
          {found.url}
        </Anchor>
      ) : settings.isLoading ? (
        "…"
      ) : status === "skipped" ? (
        t("fact.noWebmail")
      ) : status === "warn" ? (
        t("fact.webmailElsewhere")
      ) : (
        t("fact.unread")
      )}
    </Fact>
  );
}
