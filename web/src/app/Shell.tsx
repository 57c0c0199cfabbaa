/** The frame around every view: navigation at the left, jumping and the account above. */
import { AppShell, Burger, Group, Text } from "@mantine/core";
import { useDisclosure, useNetwork } from "@mantine/hooks";
import { IconWifiOff } from "@tabler/icons-react";
import { Outlet, useLocation } from "@tanstack/react-router";
import { lazy, Suspense, useEffect } from "react";
import { useTranslation } from "react-i18next";
import { AppLink } from "@/ui/AppLink";
import { useToastsNeeded } from "@/ui/toast";
import { AccountMenu } from "./AccountMenu";
import { Jump } from "./Jump";
import { Navigation } from "./Navigation";
import classes from "./shell.module.css";

const Toasts = lazy(() => import("@/ui/Toasts"));

export function Shell() {
  const { t } = useTranslation("app");
  const [opened, { toggle, close }] = useDisclosure(false);
  const { pathname } = useLocation();
  const toasts = useToastsNeeded();
  // biome-ignore lint/correctness/useExhaustiveDependencies: a navigation closes the menu of small screens
  useEffect(close, [pathname]);

  return (
    <AppShell
      header={{ height: 56 }}
      navbar={{ width: 240, breakpoint: "sm", collapsed: { mobile: !opened } }}
      padding={{ base: "md", lg: "xl" }}
    >
      <a className={classes.skip} href="#content">
        {t("skip")}
      </a>
      {toasts && (
        <Suspense fallback={null}>
          <Toasts />
        </Suspense>
      )}
      <AppShell.Header>
        <Group h="100%" px="md" gap="sm" wrap="nowrap" justify="space-between">
          <Group gap="xs" wrap="nowrap">
            <Burger
              opened={opened}
              onClick={toggle}
              hiddenFrom="sm"
              size="sm"
              aria-label={opened ? t("closeNavigation") : t("openNavigation")}
            />
            <AppLink to="/" className={classes.brand} underline="never">
              <img src="/favicon.svg" alt="" width={24} height={24} />
              <span className={classes.brandName}>{t("name")}</span>
            </AppLink>
          </Group>
          <Group gap="xs" wrap="nowrap">
            <Jump />
            <AccountMenu />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="sm" aria-label={t("navigation")}>
        <Navigation />
      </AppShell.Navbar>
      <AppShell.Main id="content" tabIndex={-1} className={classes.main}>
        <Offline />
        <div className={classes.content}>
          <Outlet />
        </div>
      </AppShell.Main>
    </AppShell>
  );
}

function Offline() {
  const { t } = useTranslation("app");
  const { online } = useNetwork();
  if (online) return null;
  return (
    <Group role="status" gap="xs" mb="md">
      <IconWifiOff size={18} aria-hidden />
      <Text size="sm">{t("offline")}</Text>
    </Group>
  );
}
