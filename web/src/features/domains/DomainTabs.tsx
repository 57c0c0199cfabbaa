/** The views of one domain as links. */

import { may, useMe } from "@/features/identity/api";
import { useTranslation } from "@/text";
import { AppLink } from "@/ui/AppLink";
import classes from "./domains.module.css";
import { tabs } from "./tabs";

export function DomainTabs({ domain }: { domain: string }) {
  const { t } = useTranslation("domains");
  const me = useMe();
  return (
    <nav aria-label={t("tabs", { domain })} className={classes.tabs}>
      {tabs
        .filter((tab) => may(me, domain, ...tab.needs))
        .map((tab) => (
          <AppLink
            key={tab.name}
            to={tab.to}
            params={{ domain }}
            className={classes.tab}
            underline="never"
            activeOptions={{ exact: true, includeSearch: false }}
          >
            {t(`tab.${tab.name}`)}
          </AppLink>
        ))}
    </nav>
  );
}
