/** A domain's mail DNS, looked up live: each check with what is expected and what was found, and the way to mend it. */
import { Alert, Button, Group, Stack, Text, Title } from "@mantine/core";
import { IconRefresh, IconTool } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { may, useMe } from "@/features/identity/api";
import { useTranslation } from "@/text";
import { Ago, QueryView, SidePanel, SkeletonLines, StatusBadge } from "@/ui";
import { useWhileHere } from "@/ui/useWhileHere";
import { CheckCard } from "./CheckCard";
import { PlanPanel } from "./PlanPanel";
import { expectedQuery, type Health, healthQuery, KEYS, type Key } from "./queries";
import { mendable, selectionOf, unchecked } from "./selection";
import { ZoneNotice } from "./ZoneNotice";

const route = getRouteApi("/domains/$domain/dns");

export function HealthPage() {
  const { t } = useTranslation("dns");
  const { domain } = route.useParams();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const me = useMe();
  const mayRepair = may(me, domain, "dns");
  const health = useQuery(healthQuery(domain, mayRepair));
  const expected = useQuery(expectedQuery(domain)).data?.data;
  const open = (records: Key[]) =>
    void navigate({ search: (before) => ({ ...before, panel: "plan", records, replace: undefined }) });
  const close = useWhileHere(() => void navigate({ search: {} }));

  return (
    <Stack gap="lg">
      <Group justify="space-between" align="flex-start">
        <Stack gap={2}>
          <Title order={2} size="h3">
            {t("title")}
          </Title>
          <Text c="dimmed" maw="70ch">
            {t("lead")}
          </Text>
        </Stack>
        <Button
          variant="default"
          leftSection={<IconRefresh size={18} aria-hidden />}
          loading={health.isFetching}
          onClick={() => void health.refetch()}
        >
          {t("again")}
        </Button>
      </Group>
      <QueryView query={health} loading={<SkeletonLines count={7} height={96} />}>
        {(data) => (
          <Stack gap="md">
            <Summary health={data} onRepair={isRepairable(data) ? () => open(mendable(data)) : undefined} />
            <ZoneNotice domain={domain} health={data} />
            {KEYS.map((name) => (
              <CheckCard
                key={name}
                name={name}
                check={data.checks[name]}
                domain={domain}
                expected={expected}
                onRepair={isRepairable(data) ? () => open([name]) : undefined}
                onLookAgain={() => void health.refetch()}
              />
            ))}
          </Stack>
        )}
      </QueryView>
      <SidePanel
        title={t("plan.title", { domain })}
        opened={search.panel === "plan" && mayRepair}
        size="xl"
        onClose={close}
      >
        <PlanPanel domain={domain} selection={selectionOf(search, health.data?.data)} health={health} onClose={close} />
      </SidePanel>
    </Stack>
  );
}

/** Whether there is a zone that this person may write to. */
function isRepairable(health: Health): boolean {
  return Boolean(health.zone) && health.mail_hosting_enabled !== false;
}

function Summary({ health, onRepair }: { health: Health; onRepair?: () => void }) {
  const { t } = useTranslation("dns");
  const broken = mendable(health);
  const certain = health.checks.mx.status !== "unknown" && health.checks.spf.status !== "unknown";
  const { checks, certificates } = unchecked(health);
  const notChecked = [
    ...checks.map((key) => t(`key.${key}`)),
    ...certificates.map((name) => t("certificateOf", { name })),
  ];
  return (
    <Stack gap="sm">
      <Group gap="sm" justify="space-between">
        <Group gap="sm">
          <StatusBadge status={health.overall} />
          <Text role="status">
            {certain && health.overall === "healthy" && notChecked.length > 0
              ? t("overall.asFar", { checks: notChecked.join(", ") })
              : t(`overall.${certain ? health.overall : "unknown"}`)}
          </Text>
          <Text size="sm" c="dimmed">
            {t("checkedAt")} <Ago at={health.checked_at} />
          </Text>
        </Group>
        {onRepair && broken.length > 0 && (
          <Button leftSection={<IconTool size={18} aria-hidden />} onClick={onRepair}>
            {t("showRepair")}
          </Button>
        )}
      </Group>
      {!health.mxroute_reachable && (
        <Alert color="yellow" role="status">
          {t("mxrouteSilent")}
        </Alert>
      )}
    </Stack>
  );
}
