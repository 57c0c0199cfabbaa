/** The domain in the address, to be changed: the view stays, the domain changes. */
import { Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useMatches, useNavigate } from "@tanstack/react-router";
import { useTranslation } from "@/text";
import { domainsQuery } from "./queries";

/** So many choices are drawn at once; typing narrows a thousand down. */
const SHOWN = 60;

export function DomainSwitcher({ domain }: { domain: string }) {
  const { t } = useTranslation("app");
  const domains = useQuery(domainsQuery).data?.data ?? [];
  const navigate = useNavigate();
  const view = useMatches({ select: (matches) => matches.at(-1)?.fullPath ?? "" });
  const known = domain && !domains.includes(domain) ? [domain, ...domains] : domains;

  function go(next: string | null) {
    if (!next) return;
    const params = { domain: next };
    if (view.includes("$domain")) void navigate({ to: view as "/domains/$domain", params });
    else void navigate({ to: "/domains/$domain", params });
  }

  return (
    <Select
      label={t("domain.switch")}
      description={known.length > SHOWN ? t("domain.many", { count: known.length }) : undefined}
      placeholder={t("domain.placeholder")}
      nothingFoundMessage={t("domain.nothing")}
      data={known}
      value={domain || null}
      onChange={go}
      searchable
      allowDeselect={false}
      limit={SHOWN}
      // The list itself scrolls: what the library puts around it cannot be reached by keyboard.
      withScrollArea={false}
      styles={{ options: { maxHeight: 320, overflowY: "auto" } }}
      comboboxProps={{ withinPortal: true }}
    />
  );
}
