/** How full the account is, and what fills it. */
import { Alert, Paper, Progress, Stack, Text, Title } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "@/text";
import { Freshness, QueryView, SkeletonLines } from "@/ui";
import { AppLink } from "@/ui/AppLink";
import { bytes, percent } from "@/ui/format";
import { Bars } from "./Bars";
import { type Quota, quotaQuery, sizesQuery } from "./queries";
import { largest, type Sized, storageByDomain } from "./sums";

const SHOWN = 6;

export function StorageCards() {
  const { t } = useTranslation("fleet");
  const quota = useQuery(quotaQuery);
  const sizes = useQuery(sizesQuery);
  return (
    <Paper withBorder p="md" component="section" aria-labelledby="storage">
      <Stack gap="md">
        <Title order={2} size="h4" id="storage">
          {t("accountStorage")}
        </Title>
        <QueryView query={quota} loading={<SkeletonLines count={2} height={24} />}>
          {(data) => <Used quota={data} />}
        </QueryView>
        <QueryView query={sizes} loading={<SkeletonLines count={8} height={24} />}>
          {({ accounts }, meta) => (
            <Stack gap="md">
              <Title order={3} size="h5">
                {t("topDomains")}
              </Title>
              <TopDomains
                of={largest(
                  [...storageByDomain(accounts)].map(([name, sum]) => ({ name, ...sum })),
                  SHOWN,
                )}
              />
              <Title order={3} size="h5">
                {t("topMailboxes")}
              </Title>
              <TopMailboxes
                of={largest(
                  accounts.map((each) => ({
                    name: each.email_address,
                    bytes: each.size_bytes ?? 0,
                    complete: each.size_bytes !== null,
                  })),
                  SHOWN,
                )}
              />
              <div>
                <Text size="sm" c="dimmed">
                  {t("hourly")}
                </Text>
                <Freshness at={meta?.fetched_at} />
              </div>
            </Stack>
          )}
        </QueryView>
      </Stack>
    </Paper>
  );
}

function Used({ quota }: { quota: Quota }) {
  const { t } = useTranslation("fleet");
  const { total_used: used, total_limit: limit, grace_period: grace } = quota;
  if (used === null) return <Text>{t("usedUnknown")}</Text>;
  const share = limit ? used / limit : null;
  return (
    <Stack gap="xs">
      <Text>
        {share === null || limit === null
          ? limit === 0
            ? t("usedUnlimited", { used: bytes(used) })
            : t("usedOnly", { used: bytes(used) })
          : t("used", { used: bytes(used), limit: bytes(limit), percent: percent(share) })}
      </Text>
      {share !== null && (
        <Progress aria-hidden value={Math.min(share, 1) * 100} color={share >= 0.9 ? "red" : undefined} size="lg" />
      )}
      <Breakdown of={quota.breakdown} />
      {grace && (
        <Alert color="red" icon={<IconAlertTriangle aria-hidden />} title={t("grace")}>
          {grace.days_remaining === null ? t("graceHint") : t("graceDays", { count: grace.days_remaining })}
        </Alert>
      )}
    </Stack>
  );
}

function Breakdown({ of }: { of: Quota["breakdown"] }) {
  const { t } = useTranslation("fleet");
  if (!of) return null;
  const parts = (["email", "web", "databases", "backups", "other"] as const).flatMap((part) => {
    const size = of[part];
    return size ? [t("part", { part: t(`parts.${part}`), size: bytes(size) })] : [];
  });
  if (parts.length === 0) return null;
  return (
    <Text size="sm" c="dimmed">
      {parts.join(" · ")}
    </Text>
  );
}

function TopDomains({ of }: { of: readonly Sized[] }) {
  const { t } = useTranslation("fleet");
  const most = of[0]?.bytes ?? 1;
  if (of.length === 0) return <Text size="sm">{t("nothingStored")}</Text>;
  return (
    <Bars
      bars={of.map(({ name, bytes: size, complete }) => ({
        key: name,
        name: (
          <AppLink to="/email-accounts/$domain" params={{ domain: name }} search={{ sort: "-usage" }}>
            {name}
          </AppLink>
        ),
        text: complete ? bytes(size) : t("atLeast", { size: bytes(size) }),
        share: size / most,
      }))}
    />
  );
}

function TopMailboxes({ of }: { of: readonly Sized[] }) {
  const { t } = useTranslation("fleet");
  const most = of[0]?.bytes ?? 1;
  if (of.length === 0) return <Text size="sm">{t("nothingStored")}</Text>;
  return (
    <Bars bars={of.map(({ name, bytes: size }) => ({ key: name, name, text: bytes(size), share: size / most }))} />
  );
}
