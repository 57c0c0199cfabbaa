/** What Ctrl-K finds. */
import { Spotlight, type SpotlightActionGroupData } from "@mantine/spotlight";
import "@mantine/spotlight/styles.css";
import { IconSearch } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect } from "react";
import { domainsQuery } from "@/features/domains/api";
import { type Me, may, useMe } from "@/features/identity/api";
import { useTranslation } from "@/text";
import { jumpActions, jumpStore } from "./jumpStore";
import { isPerDomain, mayEnter, sections } from "./sections";

export default function JumpList({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation("app");
  const actions = useActions();
  useEffect(() => jumpActions.open(), []);
  return (
    <Spotlight
      store={jumpStore}
      actions={actions}
      onSpotlightClose={onClose}
      shortcut={null}
      attributes={{ content: { "aria-label": t("jump.short") } }}
      nothingFound={t("jump.nothing")}
      highlightQuery
      limit={12}
      maxHeight="60vh"
      scrollable
      searchProps={{
        leftSection: <IconSearch size={18} aria-hidden />,
        placeholder: t("jump.placeholder"),
        "aria-label": t("jump.placeholder"),
      }}
    />
  );
}

function useActions(): SpotlightActionGroupData[] {
  const { t } = useTranslation("app");
  const navigate = useNavigate();
  const me = useMe();
  const domains = useQuery(domainsQuery).data?.data ?? [];
  const pages = sections
    .filter((section) => mayEnter(me, section))
    .map((section) => ({
      id: section.name,
      label: t(`nav.${section.name}`),
      leftSection: <section.icon size={20} aria-hidden />,
      onClick: () => void navigate({ to: isPerDomain(section) ? section.perDomain : section.to }),
    }));
  return [
    { group: t("jump.pages"), actions: pages },
    { group: t("jump.domains"), actions: domains.flatMap((domain) => domainActions(domain, me)) },
  ];

  function domainActions(domain: string, person: Me) {
    const params = { domain };
    const found = [{ id: domain, label: domain, onClick: () => void navigate({ to: "/domains/$domain", params }) }];
    if (may(person, domain, "dns", "dashboard")) {
      const go = () => void navigate({ to: "/domains/$domain/dns", params });
      found.push({ id: `${domain}/dns`, label: t("jump.dns", params), onClick: go });
    }
    if (may(person, domain, "emails", "dashboard")) {
      const go = () => void navigate({ to: "/email-accounts/$domain", params });
      found.push({ id: `${domain}/email-accounts`, label: t("jump.emailAccounts", params), onClick: go });
    }
    return found;
  }
}
