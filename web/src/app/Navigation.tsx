/** The domain one works on, and the sections. A section of one domain keeps the domain of the present address. */
import { NavLink, Stack } from "@mantine/core";
import { createLink, useParams, useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { DomainSwitcher } from "@/features/domains/api";
import { may, useMe } from "@/features/identity/api";
import { isPerDomain, mayEnter, type Section, sections } from "./sections";

const RoutedNavLink = createLink(NavLink);

export function Navigation() {
  const { t } = useTranslation("app");
  const me = useMe();
  const domain = useCurrentDomain();
  return (
    <Stack gap="sm" h="100%" style={{ overflowY: "auto" }}>
      <DomainSwitcher domain={domain} />
      <Stack gap={2}>
        {sections
          .filter((section) => mayEnter(me, section))
          .map((section) => (
            <SectionLink key={section.name} section={section} domain={domain} label={t(`nav.${section.name}`)} />
          ))}
      </Stack>
    </Stack>
  );
}

function SectionLink({ section, domain, label }: { section: Section; domain: string; label: string }) {
  const me = useMe();
  const Icon = section.icon;
  const look = { label, leftSection: <Icon size={20} aria-hidden />, activeProps: { active: true } } as const;
  if (!isPerDomain(section)) {
    return (
      <RoutedNavLink {...look} to={section.to} activeOptions={{ exact: section.to === "/", includeSearch: false }} />
    );
  }
  const permissions = Array.isArray(section.needs) ? section.needs : [];
  if (domain && may(me, domain, ...permissions)) {
    return (
      <RoutedNavLink
        {...look}
        to={`${section.perDomain}/$domain`}
        params={{ domain }}
        activeOptions={{ includeSearch: false }}
      />
    );
  }
  return <RoutedNavLink {...look} to={section.perDomain} activeOptions={{ includeSearch: false }} />;
}

/** The domain in the address, as a part of the path or as a parameter. */
function useCurrentDomain(): string {
  const { domain } = useParams({ strict: false });
  const search: { domain?: string } = useSearch({ strict: false });
  return domain ?? search.domain ?? "";
}
