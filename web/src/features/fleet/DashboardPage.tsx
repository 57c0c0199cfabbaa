/** What needs attention, all domains, and how full and how busy the account is. */
import { SimpleGrid, Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { SendingCard, StorageCards, useStorageByDomain } from "@/features/account/api";
import { NoDomain } from "@/features/domains/api";
import { useMe } from "@/features/identity/api";
import { useTranslation } from "@/text";
import { Ago, Page, QueryView } from "@/ui";
import { Attention } from "./Attention";
import { CloudflareHint } from "./CloudflareHint";
import { FleetTable } from "./FleetTable";
import { fleetQuery } from "./queries";
import { RefreshButton, RefreshState } from "./Refresh";
import { isUnread, standing } from "./standing";
import { useRefresh } from "./useRefresh";

const route = getRouteApi("/");

export function DashboardPage() {
  const { t } = useTranslation("fleet");
  const me = useMe();
  const { state = "", sending = "", job } = route.useSearch();
  const fleet = useQuery(fleetQuery);
  const storage = useStorageByDomain(me.is_admin);
  const refresh = useRefresh();
  const rows = fleet.data?.data.domains ?? [];
  const unread = rows.filter(isUnread).length;
  return (
    <Page
      title={t("title")}
      lead={
        fleet.data && (
          <>
            {unread > 0 ? t("lastRunPartly", { count: unread, total: rows.length }) : t("lastRun")}{" "}
            <Ago at={fleet.data.data.last_run_at} fallback={t("never")} />
          </>
        )
      }
      actions={<RefreshButton refresh={refresh} />}
    >
      <RefreshState refresh={refresh} job={job} />
      <CloudflareHint />
      <QueryView query={fleet}>
        {({ domains }) => (
          <Stack gap="lg">
            {domains.some(standing) && <Attention rows={domains} />}
            <FleetTable rows={domains} state={state} storage={storage} empty={<NoDomain />} />
          </Stack>
        )}
      </QueryView>
      <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="lg" style={{ alignItems: "start" }}>
        {me.is_admin && <StorageCards />}
        {fleet.data && <SendingCard rows={fleet.data.data.domains} chosen={sending} />}
      </SimpleGrid>
    </Page>
  );
}
