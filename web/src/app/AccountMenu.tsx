/** Who is signed in, and the way out. */
import { Button, Popover, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconLogout, IconSettings, IconUser } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useLocation } from "@tanstack/react-router";
import { useEffect } from "react";
import { answered, api } from "@/api/client";
import { ApiError } from "@/api/errors";
import { useMe } from "@/features/identity/api";
import { useTranslation } from "@/text";
import { ErrorNotice } from "@/ui";
import { AppButton } from "@/ui/AppLink";
import classes from "./shell.module.css";

const left = () => window.location.assign("/login");

export function AccountMenu() {
  const { t } = useTranslation("app");
  const me = useMe();
  const [opened, { toggle, close }] = useDisclosure(false);
  const { pathname } = useLocation();
  // biome-ignore lint/correctness/useExhaustiveDependencies: a navigation closes it
  useEffect(close, [pathname]);
  const signOut = useMutation({
    mutationFn: () => answered(api.POST("/api/auth/logout")),
    onSuccess: left,
    onError: (error) => {
      if (error instanceof ApiError && error.status === 401) left();
    },
  });
  return (
    <Popover opened={opened} onDismiss={close} position="bottom-end" withinPortal={false} trapFocus>
      <Popover.Target>
        <Button
          variant="default"
          leftSection={<IconUser size={18} aria-hidden />}
          aria-label={t("account.menu", { name: me.email })}
          maw={220}
          onClick={toggle}
        >
          <span className={classes.wide}>{me.email}</span>
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label={t("account.menu", { name: me.email })}>
        <Stack gap="xs">
          <Text size="sm" fw={600} style={{ overflowWrap: "anywhere" }}>
            {me.email}
          </Text>
          <Text size="sm">{me.is_admin ? t("account.administrator") : t("account.delegate")}</Text>
          {signOut.error && <ErrorNotice error={signOut.error} />}
          <AppButton to="/settings" variant="default" leftSection={<IconSettings size={18} aria-hidden />}>
            {t("account.settings")}
          </AppButton>
          <Button
            variant="default"
            leftSection={<IconLogout size={18} aria-hidden />}
            loading={signOut.isPending}
            onClick={() => signOut.mutate()}
          >
            {t("account.signOut")}
          </Button>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
