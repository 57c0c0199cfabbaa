/** How strictly a domain is filtered, and the sender lists that all domains share. */
import { Alert, Group, Stack, Text } from "@mantine/core";
import { IconWorld } from "@tabler/icons-react";
import { getRouteApi } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Guard } from "@/features/identity/api";
import { Page } from "@/ui";
import { AppButton } from "@/ui/AppLink";
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
          <Group gap="xs" role="navigation" aria-label={t("title")}>
            {LISTS.map((each) => (
              <AppButton
                key={each}
                to="/spam-controls/$domain"
                params={{ domain }}
                search={{ list: each }}
                variant={each === list ? "filled" : "default"}
                aria-current={each === list ? "page" : undefined}
              >
                {t(`tabs.${each}`)}
              </AppButton>
            ))}
          </Group>
          <Senders key={list} domain={domain} list={list} />
        </Stack>
      </Page>
    </Guard>
  );
}
