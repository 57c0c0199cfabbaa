/** The frame around every view: navigation at the left, jumping and the account above. */
import { Burger, Group, Text } from "@mantine/core";
import { useDisclosure, useHotkeys, useNetwork } from "@mantine/hooks";
import { IconWifiOff } from "@tabler/icons-react";
import { Outlet, useLocation } from "@tanstack/react-router";
import { lazy, Suspense, useEffect } from "react";
import { useSessionOver } from "@/api/session";
import { useTranslation } from "@/text";
import { AppLink } from "@/ui/AppLink";
import { useToastsNeeded } from "@/ui/toast";
import { AccountMenu } from "./AccountMenu";
import { Jump } from "./Jump";
import { Navigation } from "./Navigation";
import classes from "./shell.module.css";

const Toasts = lazy(() => import("@/ui/Toasts"));
const loadSignIn = () => import("./SignInAgain");
const SignInAgain = lazy(loadSignIn);
const QUIET_MS = 3000;

export function Shell() {
  const { t } = useTranslation("app");
  // On small screens the navigation opens over the view.
  const [opened, { toggle, close }] = useDisclosure(false);
  const { pathname } = useLocation();
  const toasts = useToastsNeeded();
  const over = useSessionOver();
  // biome-ignore lint/correctness/useExhaustiveDependencies: a navigation closes the menu of small screens
  useEffect(close, [pathname]);
  useHotkeys([["Escape", close]], []);
  useEffect(() => {
    // It must be there when the session ends, whatever the server has by then.
    const soon = window.setTimeout(() => void loadSignIn().catch(() => undefined), QUIET_MS);
    return () => window.clearTimeout(soon);
  }, []);

  return (
    <div className={classes.frame}>
      <a className={classes.skip} href="#content">
        {t("skip")}
      </a>
      <header className={classes.header}>
        <Group gap="xs" wrap="nowrap">
          <Burger
            className={classes.burger}
            opened={opened}
            onClick={toggle}
            size="sm"
            aria-expanded={opened}
            aria-label={opened ? t("closeNavigation") : t("openNavigation")}
          />
          <AppLink to="/" className={classes.brand} underline="never">
            <img src="/favicon.svg" alt="" width={24} height={24} />
            <span className={classes.wide}>{t("name")}</span>
          </AppLink>
        </Group>
        <Group gap="xs" wrap="nowrap">
          <Jump />
          <AccountMenu />
        </Group>
      </header>
      <nav className={classes.navigation} data-opened={opened || undefined} aria-label={t("navigation")}>
        <Navigation />
      </nav>
      <main id="content" tabIndex={-1} className={classes.main}>
        <Offline />
        <Outlet />
        {toasts && (
          <Suspense fallback={null}>
            <Toasts />
          </Suspense>
        )}
        {over && (
          <Suspense fallback={null}>
            <SignInAgain />
          </Suspense>
        )}
        <div id="overlays" className={classes.overlays} />
      </main>
    </div>
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
