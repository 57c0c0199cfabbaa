/** How strictly a domain is filtered, and the sender lists that all domains share. */
import { Alert, Stack, Text } from "@mantine/core";
import { IconWorld } from "@tabler/icons-react";
import { getRouteApi } from "@tanstack/react-router";
import { Guard } from "@/features/identity/api";
import { useTranslation } from "@/text";
import { Page, RouteTabs } from "@/ui";
import type { SenderList } from "./queries";
import { ScoreCard } from "./ScoreCard";
import { Senders } from "./Senders";

const route = getRouteApi("/spam-controls/$domain");
const LISTS: readonly SenderList[] = ["whitelist", "blacklist"];

export function SpamPage() {
  const { t } = useTranslation("spam");
  const { domain } = route.useParams();
  const { list = "whitelist" } = route.useSearch();
  return (
    <Guard domain={domain} needs={["spam"]}>
      <Page title={t("titleOf", { domain })} lead={t("lead")}>
        <ScoreCard domain={domain} />
        <Alert color="yellow" icon={<IconWorld aria-hidden />} title={t("shared.title")}>
          <Text size="sm">{t("shared.text", { domain })}</Text>
        </Alert>
        <Stack gap="md">
          <RouteTabs
            label={t("title")}
            tabs={LISTS.map((each) => ({
              to: "/spam-controls/$domain",
              params: { domain },
              search: { list: each },
              label: t(`tabs.${each}`),
            }))}
          />
          <Senders key={list} domain={domain} list={list} />
        </Stack>
      </Page>
    </Guard>
  );
}
