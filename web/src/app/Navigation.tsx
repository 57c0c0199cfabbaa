/** The domain one works on, and the sections. A section of one domain keeps the domain of the present address. */
import { Stack } from "@mantine/core";
import { Link, useLocation, useParams, useSearch } from "@tanstack/react-router";
import { DomainSwitcher } from "@/features/domains/api";
import { may, useMe } from "@/features/identity/api";
import { useTranslation } from "@/text";
import { isPerDomain, mayEnter, type Section, sections } from "./sections";
import classes from "./shell.module.css";

export function Navigation() {
  const me = useMe();
  const domain = useCurrentDomain();
  return (
    <Stack gap="sm">
      <DomainSwitcher domain={domain} />
      <Stack gap={2}>
        {sections
          .filter((section) => mayEnter(me, section))
          .map((section) => (
            <SectionLink key={section.name} section={section} domain={domain} />
          ))}
      </Stack>
    </Stack>
  );
}

function SectionLink({ section, domain }: { section: Section; domain: string }) {
  const { t } = useTranslation("app");
  const me = useMe();
  const { pathname } = useLocation();
  const Icon = section.icon;
  const content = (
    <>
      <Icon size={20} aria-hidden />
      {t(`nav.${section.name}`)}
    </>
  );
  const common = { className: classes.link, children: content } as const;
  if (!isPerDomain(section)) {
    return <Link {...common} to={section.to} activeOptions={{ exact: section.to === "/", includeSearch: false }} />;
  }
  const permissions = Array.isArray(section.needs) ? section.needs : [];
  // Also the views beside the domain's own (the import) belong to the section.
  const here = pathname.startsWith(`${section.perDomain}/`);
  const place = { ...common, "aria-current": here ? "page" : undefined } as const;
  const activeOptions = { includeSearch: false };
  if (domain && may(me, domain, ...permissions)) {
    return <Link {...place} to={`${section.perDomain}/$domain`} params={{ domain }} activeOptions={activeOptions} />;
  }
  return <Link {...place} to={section.perDomain} activeOptions={activeOptions} />;
}

/** The domain in the address, as a part of the path or as a parameter. */
function useCurrentDomain(): string {
  const { domain } = useParams({ strict: false });
  const search: { domain?: string } = useSearch({ strict: false });
  return domain ?? search.domain ?? "";
}
