/** A view of one domain, for people who have one of the rights it needs; for others the reason why they see nothing. */
import { Text } from "@mantine/core";
import type { ReactNode } from "react";
import type { Permission } from "@/api/client";
import { useTranslation } from "@/text";
import { Page } from "@/ui";
import { may, useMe } from "./me";

interface GuardProps {
  domain: string;
  needs: readonly Permission[];
  children: ReactNode;
}

export function Guard({ domain, needs, children }: GuardProps) {
  const me = useMe();
  return may(me, domain, ...needs) ? children : <Refused hint="hint" />;
}

/** The same for what only administrators see. */
export function AdminsOnly({ children }: { children: ReactNode }) {
  const me = useMe();
  return me.is_admin ? children : <Refused hint="adminHint" />;
}

function Refused({ hint }: { hint: "hint" | "adminHint" }) {
  const { t } = useTranslation("app");
  return (
    <Page title={t("forbidden.title")}>
      <Text>{t(`forbidden.${hint}`)}</Text>
    </Page>
  );
}
