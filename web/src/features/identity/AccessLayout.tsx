/** People, tokens, sessions: one room with a tab for each that the person may open. */
import { Stack } from "@mantine/core";
import { Outlet } from "@tanstack/react-router";
import { useTranslation } from "@/text";
import { RouteTabs } from "@/ui";
import { useMe } from "./me";

export function AccessLayout() {
  const { t } = useTranslation("access");
  const me = useMe();
  const tabs = [
    { to: "/access-control/people", label: t("tabs.people"), admin: true },
    { to: "/access-control/tokens", label: t("tabs.tokens"), admin: true },
    { to: "/access-control/sessions", label: t("tabs.sessions"), admin: false },
  ] as const;
  return (
    <Stack gap="lg">
      <RouteTabs label={t("title")} tabs={tabs.filter((tab) => me.is_admin || !tab.admin)} />
      <Outlet />
    </Stack>
  );
}
