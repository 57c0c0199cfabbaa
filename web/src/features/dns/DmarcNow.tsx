/** What is wanted now, what is published, and the way to make them the same. */
import { Badge, Group, Paper, Stack, Text, Title } from "@mantine/core";
import type { UseQueryResult } from "@tanstack/react-query";
import type { Answer } from "@/api/client";
import { useTranslation } from "@/text";
import { QueryView, SkeletonLines, StatusBadge } from "@/ui";
import { AppButton } from "@/ui/AppLink";
import { Foreign } from "@/ui/Foreign";
import type { DmarcPolicy, Health } from "./queries";
import { Values } from "./Values";

interface DmarcNowProps {
  domain: string;
  policy: DmarcPolicy;
  health: UseQueryResult<Answer<Health>>;
}

export function DmarcNow({ domain, policy, health }: DmarcNowProps) {
  const { t } = useTranslation("dns");
  return (
    <Paper withBorder p="md">
      <Stack gap="sm">
        <Group gap="sm">
          <Title order={3} size="h5">
            {t("dmarc.now")}
          </Title>
          <Badge variant="default">{policy.custom ? t("dmarc.isOwn") : t("dmarc.isDefault")}</Badge>
        </Group>
        <QueryView query={health} loading={<SkeletonLines count={2} />}>
          {({ checks: { dmarc }, zone, mail_hosting_enabled }) => (
            <Stack gap="sm">
              <Group gap="sm">
                <StatusBadge status={dmarc.status} />
                <Text style={{ overflowWrap: "anywhere" }}>
                  <Foreign text={dmarc.message} />
                </Text>
              </Group>
              <Values name="dmarc" check={{ ...dmarc, expected: [policy.effective] }} />
              {zone && mail_hosting_enabled !== false && (dmarc.status === "warn" || dmarc.status === "fail") && (
                <Group>
                  <AppButton
                    variant="default"
                    to="/domains/$domain/dns"
                    params={{ domain }}
                    search={{ panel: "plan", records: ["dmarc"] }}
                  >
                    {t("dmarc.publish")}
                  </AppButton>
                </Group>
              )}
            </Stack>
          )}
        </QueryView>
      </Stack>
    </Paper>
  );
}
