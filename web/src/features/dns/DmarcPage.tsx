/** The DMARC policy that is wanted for a domain: the installation's default, or one of its own. */
import { Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useTranslation } from "@/text";
import { QueryView } from "@/ui";
import { DmarcForm } from "./DmarcForm";
import { DmarcNow } from "./DmarcNow";
import { dmarcPolicyQuery, healthQuery } from "./queries";

const route = getRouteApi("/domains/$domain/dmarc");

export function DmarcPage() {
  const { t } = useTranslation("dns");
  const { domain } = route.useParams();
  const policy = useQuery(dmarcPolicyQuery(domain));
  const health = useQuery(healthQuery(domain, true));
  const check = health.data?.data.checks.dmarc;
  return (
    <Stack gap="lg">
      <Stack gap={2}>
        <Title order={2} size="h3">
          {t("dmarc.title")}
        </Title>
        <Text c="dimmed" maw="70ch">
          {t("dmarc.lead")}
        </Text>
      </Stack>
      <QueryView query={policy}>
        {(data) => (
          <Stack gap="lg">
            <DmarcNow domain={domain} policy={data} health={health} />
            <DmarcForm
              domain={domain}
              policy={data}
              published={check?.found.length === 1 ? check.found[0] : undefined}
            />
          </Stack>
        )}
      </QueryView>
    </Stack>
  );
}
