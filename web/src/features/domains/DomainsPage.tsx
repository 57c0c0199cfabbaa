/** All domains that the person may see, and what can be done with all of them. */
import { Button } from "@mantine/core";
import { IconPlus, IconTool } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { CloudflareHint, FleetTable, FollowedJob, fleetQuery, RefreshButton, useRefresh } from "@/features/fleet/api";
import { useMe } from "@/features/identity/api";
import { useTranslation } from "@/text";
import { ErrorNotice, Page, QueryView } from "@/ui";
import { AppButton } from "@/ui/AppLink";
import { useWhileHere } from "@/ui/useWhileHere";
import { NoDomain } from "./NoDomain";
import { RepairAll } from "./RepairAll";

const route = getRouteApi("/domains");

export function DomainsPage() {
  const { t } = useTranslation("domains");
  const me = useMe();
  const { state = "", panel, job } = route.useSearch();
  const navigate = route.useNavigate();
  const queries = useQueryClient();
  const fleet = useQuery(fleetQuery);
  const refresh = useRefresh();
  const open = (next?: typeof panel) => void navigate({ search: (before) => ({ ...before, panel: next }) });
  const close = useWhileHere(() => open());
  const reload = () => void queries.invalidateQueries({ queryKey: fleetQuery.queryKey });
  const rows = fleet.data?.data.domains ?? [];
  return (
    <Page
      title={t("title")}
      lead={t("lead")}
      actions={
        <>
          <RefreshButton refresh={refresh} />
          {me.is_admin && (
            <Button variant="default" leftSection={<IconTool size={18} aria-hidden />} onClick={() => open("repair")}>
              {t("repairAll")}
            </Button>
          )}
          {me.is_admin && (
            <AppButton to="/domains/new" leftSection={<IconPlus size={18} aria-hidden />}>
              {t("add")}
            </AppButton>
          )}
        </>
      }
    >
      {refresh.error && <ErrorNotice error={refresh.error} onRetry={() => refresh.mutate()} />}
      {job && <FollowedJob id={job} title={t("followed")} note={t("followedNote")} onEnd={reload} />}
      <CloudflareHint />
      <QueryView query={fleet}>
        {({ domains }) => <FleetTable rows={domains} state={state} empty={<NoDomain />} />}
      </QueryView>
      {panel === "repair" && me.is_admin && <RepairAll rows={rows} onClose={close} />}
    </Page>
  );
}
