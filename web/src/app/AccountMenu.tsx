/** Who is signed in, and the way out. */
import { Button, Menu } from "@mantine/core";
import { IconLogout, IconSettings, IconUser } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { answered, api } from "@/api/client";
import { useMe } from "@/features/identity/api";
import classes from "./shell.module.css";

export function AccountMenu() {
  const { t } = useTranslation("app");
  const me = useMe();
  const navigate = useNavigate();
  const signOut = useMutation({
    mutationFn: () => answered(api.POST("/api/auth/logout")),
    onSuccess: () => window.location.assign("/login"),
  });
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <Button
          variant="default"
          leftSection={<IconUser size={18} aria-hidden />}
          aria-label={t("account.menu", { name: me.email })}
          loading={signOut.isPending}
          maw={220}
        >
          <span className={classes.wide}>{me.email}</span>
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {me.email}
          <br />
          {me.is_admin ? t("account.administrator") : t("account.delegate")}
        </Menu.Label>
        <Menu.Item
          leftSection={<IconSettings size={18} aria-hidden />}
          onClick={() => void navigate({ to: "/settings" })}
        >
          {t("account.settings")}
        </Menu.Item>
        <Menu.Item leftSection={<IconLogout size={18} aria-hidden />} onClick={() => signOut.mutate()}>
          {t("account.signOut")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
