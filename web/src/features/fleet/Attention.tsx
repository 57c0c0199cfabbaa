/** What needs people first: the worst domains with what fails, and jobs that went wrong. */
import { Group, Paper, Stack, Text, Title } from "@mantine/core";
import { IconCircleCheck } from "@tabler/icons-react";
import { may, useMe } from "@/features/identity/api";
import { useTranslation } from "@/text";
import { StatusBadge } from "@/ui";
import { AppLink } from "@/ui/AppLink";
import { FailedJobs } from "./FailedJobs";
import type { FleetRow } from "./queries";
import { failing, isUnread, needy, type Standing, standing, tally } from "./standing";

const SHOWN = 6;
const COUNTED: readonly Standing[] = ["unhealthy", "degraded", "unread", "pending", "off", "fresh"];

export function Attention({ rows }: { rows: readonly FleetRow[] }) {
  const { t } = useTranslation("fleet");
  const urgent = needy(rows);
  return (
    <Paper withBorder p="md" component="section" aria-labelledby="attention">
      <Stack gap="sm">
        <Title order={2} size="h4" id="attention">
          {t("attention")}
        </Title>
        <Counts rows={rows} />
        {urgent.length === 0 ? (
          <Group gap="xs">
            <IconCircleCheck size={20} aria-hidden />
            <Text>{rows.every((row) => standing(row)) ? t("nothingUrgent") : t("nothingUrgentShown")}</Text>
          </Group>
        ) : (
          <Stack component="ul" gap={10} m={0} p={0} style={{ listStyle: "none" }}>
            {urgent.slice(0, SHOWN).map((row) => (
              <UrgentRow key={row.domain} row={row} />
            ))}
          </Stack>
        )}
        {urgent.length > SHOWN && (
          <Text size="sm" c="dimmed">
            {t("moreUrgent", { count: urgent.length - SHOWN })}
          </Text>
        )}
        <FailedJobs />
      </Stack>
    </Paper>
  );
}

/** How many domains are in each state that is not well: links that narrow the table down. */
function Counts({ rows }: { rows: readonly FleetRow[] }) {
  const { t } = useTranslation("fleet");
  const counts = tally(rows);
  const present = COUNTED.filter((each) => (counts.get(each) ?? 0) > 0);
  if (present.length === 0) return null;
  return (
    <Group gap="lg">
      {present.map((each) => (
        <AppLink key={each} to="/" search={{ state: each }} resetScroll={false} size="sm">
          {t("stateCount", { state: t(`state.${each}`), count: counts.get(each) ?? 0 })}
        </AppLink>
      ))}
    </Group>
  );
}

function UrgentRow({ row }: { row: FleetRow }) {
  const { t } = useTranslation("fleet");
  const { t: dns } = useTranslation("dns");
  const me = useMe();
  const { domain } = row;
  const found = standing(row);
  return (
    <Group component="li" gap="2px 10px">
      <AppLink
        to={may(me, domain, "dns", "dashboard") ? "/domains/$domain/dns" : "/domains/$domain"}
        params={{ domain }}
      >
        {domain}
      </AppLink>
      {isUnread(row) ? <StatusBadge status="unknown" label={t("state.unread")} /> : null}
      {row.dns && found && found !== "unread" && <StatusBadge status={found} />}
      <Text size="sm" style={{ flex: "1 1 15rem" }}>
        {failing(row)
          .map(({ key, status }) => dns(`checkIs.${status}`, { check: dns(`key.${key}`) }))
          .join(" · ")}
      </Text>
    </Group>
  );
}
