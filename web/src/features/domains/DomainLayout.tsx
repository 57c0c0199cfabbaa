/** Around all views of one domain: its name, and the ways between them. */
import { Box } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Outlet, useLocation } from "@tanstack/react-router";
import { useEffect } from "react";
import { ApiError } from "@/api/errors";
import { may, useMe } from "@/features/identity/api";
import { useTranslation } from "@/text";
import { EmptyState, Forbidden, Page } from "@/ui";
import { AppButton } from "@/ui/AppLink";
import { DomainTabs } from "./DomainTabs";
import { domainQuery } from "./queries";
import { type TabName, tabs } from "./tabs";

const route = getRouteApi("/domains/$domain");

export function DomainLayout() {
  const { domain } = route.useParams();
  const me = useMe();
  const allowed = may(me, domain, "dashboard", "emails", "forwarders", "spam", "dns");
  if (!allowed) {
    return (
      <Page title={domain}>
        <Forbidden />
      </Page>
    );
  }
  return <Allowed domain={domain} />;
}

function Allowed({ domain }: { domain: string }) {
  const me = useMe();
  const found = useQuery(domainQuery(domain));
  const tab = useTab();
  useTabTitle(domain, tab);
  if (found.error instanceof ApiError && found.error.code === "not_found") {
    return (
      <Page title={domain}>
        <NotHere domain={domain} />
      </Page>
    );
  }
  const mayOpen = tabs.find((each) => each.name === tab)?.needs;
  return (
    <Page title={domain}>
      <DomainTabs domain={domain} />
      {/* Another domain is another view: nothing that was typed for this one stays. */}
      <Box key={domain}>{mayOpen && !may(me, domain, ...mayOpen) ? <Forbidden /> : <Outlet />}</Box>
    </Page>
  );
}

function useTab(): TabName {
  const { pathname } = useLocation();
  const last = pathname.replace(/\/$/, "").split("/").at(3) ?? "";
  return tabs.find((each) => each.path === last)?.name ?? "overview";
}

function useTabTitle(domain: string, tab: TabName) {
  const { t } = useTranslation("domains");
  const { t: app } = useTranslation("app");
  useEffect(() => {
    document.title = `${t(`tab.${tab}`)} · ${domain} · ${app("name")}`;
  }, [t, app, tab, domain]);
}

function NotHere({ domain }: { domain: string }) {
  const { t } = useTranslation("domains");
  const me = useMe();
  return (
    <EmptyState
      title={t("notHere", { domain })}
      hint={t("notHereHint")}
      action={
        me.is_admin && (
          <AppButton to="/domains/new" search={{ domain }}>
            {t("addNamed", { domain })}
          </AppButton>
        )
      }
    />
  );
}
