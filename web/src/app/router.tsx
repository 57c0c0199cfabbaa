/** Every address of the app, with the search parameters that hold each view's state. */
import { QueryClientProvider } from "@tanstack/react-query";
import { createRootRoute, createRoute, createRouter, lazyRouteComponent, redirect } from "@tanstack/react-router";
import type { ReactNode } from "react";
import * as v from "valibot";
import { ApiError } from "@/api/errors";
import { queryClient } from "@/api/queries";
import { failedJobsQuery, fleetQuery } from "@/features/fleet/queries";
import { STANDINGS } from "@/features/fleet/standing";
import { meQuery } from "@/features/identity/api";
import { loadWords, type Namespace } from "@/text";
import { asciiName } from "@/ui/names";
import { tableSearch } from "@/ui/table/address";
import { Broken, NotFound, Starting } from "./fallbacks";
import { Shell } from "./Shell";

const word = v.optional(v.fallback(v.pipe(v.string(), v.maxLength(300)), ""));
const flag = v.optional(v.fallback(v.boolean(), false));
/** One that is no word takes none of the others along. */
const words = v.optional(
  v.fallback(
    v.pipe(
      v.array(v.unknown()),
      v.transform((list) => list.filter((each) => typeof each === "string")),
    ),
    [],
  ),
);

const state = v.optional(v.fallback(v.picklist(["", ...STANDINGS]), ""));

/** Which form or detail is open beside the list, and about whom. */
const panel = <const Names extends readonly string[]>(...names: Names) =>
  v.object({ panel: v.optional(v.fallback(v.union([v.picklist(names), v.undefined()]), undefined)), item: word });

const root = createRootRoute({
  validateSearch: tableSearch,
  loader: () => queryClient.ensureQueryData(meQuery),
  component: () => (
    <QueryClientProvider client={queryClient}>
      <Shell />
    </QueryClientProvider>
  ),
  pendingComponent: Starting,
  errorComponent: Broken,
  notFoundComponent: NotFound,
});

const under = () => root;

/** The domain of an address, however it was typed. */
const named = { parse: ({ domain }: { domain: string }) => ({ domain: asciiName(domain) }) };

/** A view and its words, fetched together when it is first opened or pointed at. */
function view<Module extends Record<Name, () => ReactNode>, Name extends string & keyof Module>(
  words: Namespace[],
  load: () => Promise<Module>,
  name: Name,
) {
  const both = async () => {
    try {
      return (await Promise.all([load(), loadWords(words)]))[0];
    } catch (cause) {
      // The router takes a missing file for an older version and loads the page again: offline that would lose the app.
      throw navigator.onLine ? cause : ApiError.unreachable(cause);
    }
  };
  return lazyRouteComponent(both, name);
}

const dashboard = createRoute({
  getParentRoute: under,
  path: "/",
  /** `sending`: the domain whose sending is drawn; `state`: only domains in this state; `job`: a refresh. */
  validateSearch: v.object({ sending: word, state, job: word }),
  // Asked for while the view itself is still being fetched.
  loader: () => {
    void queryClient.prefetchQuery(fleetQuery);
    void queryClient.prefetchQuery(failedJobsQuery);
  },
  component: view(["fleet", "dns", "jobs"], () => import("@/features/fleet/DashboardPage"), "DashboardPage"),
});

const domains = createRoute({
  getParentRoute: under,
  path: "/domains",
  /** `state`: only domains in this state; `panel=repair`: of all that need it; `job`: what was started here. */
  validateSearch: v.object({ ...panel("repair").entries, state, job: word }),
  component: view(["domains", "fleet", "dns", "jobs"], () => import("@/features/domains/DomainsPage"), "DomainsPage"),
});

const addDomain = createRoute({
  getParentRoute: under,
  path: "/domains/new",
  /** `job`: the set-up that is followed; `domain`: what was typed. */
  validateSearch: v.object({ domain: word, job: word }),
  component: view(["domains", "dns", "jobs"], () => import("@/features/onboarding/AddDomainPage"), "AddDomainPage"),
});

const domain = createRoute({
  getParentRoute: under,
  path: "/domains/$domain",
  params: named,
  component: view(["domains", "fleet", "dns", "jobs"], () => import("@/features/domains/DomainLayout"), "DomainLayout"),
});

const domainOverview = createRoute({
  getParentRoute: () => domain,
  path: "/",
  component: view(["domains", "fleet", "dns", "jobs"], () => import("@/features/domains/OverviewPage"), "OverviewPage"),
});

const domainDns = createRoute({
  getParentRoute: () => domain,
  path: "/dns",
  /** `panel=plan`: the repair is shown before it is applied; `records`, `replace`: what it is about. */
  validateSearch: v.object({ ...panel("plan").entries, records: words, replace: words }),
  component: view(["dns", "domains", "jobs"], () => import("@/features/dns/HealthPage"), "HealthPage"),
});

const domainHistory = createRoute({
  getParentRoute: () => domain,
  path: "/history",
  /** `item`: the change to be undone. */
  validateSearch: panel("undo"),
  component: view(["dns", "domains", "jobs"], () => import("@/features/dns/HistoryPage"), "HistoryPage"),
});

const domainDmarc = createRoute({
  getParentRoute: () => domain,
  path: "/dmarc",
  component: view(["dns", "domains", "jobs"], () => import("@/features/dns/DmarcPage"), "DmarcPage"),
});

const domainPointers = createRoute({
  getParentRoute: () => domain,
  path: "/pointers",
  validateSearch: panel("create", "delete"),
  component: view(["domains", "fleet", "dns", "jobs"], () => import("@/features/domains/PointersPage"), "PointersPage"),
});

const domainHosting = createRoute({
  getParentRoute: () => domain,
  path: "/hosting",
  validateSearch: panel("delete", "switch"),
  component: view(["domains", "fleet", "dns", "jobs"], () => import("@/features/domains/HostingPage"), "HostingPage"),
});

const emailAccountsChoice = createRoute({
  getParentRoute: under,
  path: "/email-accounts",
  component: view([], () => import("@/features/domains/ChooseDomainPage"), "ChooseForEmailAccounts"),
});

const emailAccountsImport = createRoute({
  getParentRoute: under,
  path: "/email-accounts/import",
  /** `domain`: of rows that name none; `step=check`, `problems`: the checked rows, all or the wrong ones; `job`: runs. */
  validateSearch: v.object({
    domain: word,
    step: v.optional(v.fallback(v.union([v.picklist(["check"]), v.undefined()]), undefined)),
    problems: flag,
    job: word,
  }),
  component: view(["mailboxes", "jobs"], () => import("@/features/mailboxes/ImportPage"), "ImportPage"),
});

const emailAccounts = createRoute({
  getParentRoute: under,
  path: "/email-accounts/$domain",
  params: named,
  /** `tight`: only mailboxes that are nearly full. */
  validateSearch: v.object({ ...panel("create", "edit", "setup", "delete").entries, tight: flag }),
  component: view(["mailboxes", "jobs"], () => import("@/features/mailboxes/MailboxesPage"), "MailboxesPage"),
});

const forwardersChoice = createRoute({
  getParentRoute: under,
  path: "/forwarders",
  component: view([], () => import("@/features/domains/ChooseDomainPage"), "ChooseForForwarders"),
});

const forwarders = createRoute({
  getParentRoute: under,
  path: "/forwarders/$domain",
  params: named,
  validateSearch: panel("create", "delete", "catch-all"),
  component: view(["forwarding"], () => import("@/features/forwarding/ForwardersPage"), "ForwardersPage"),
});

const spamChoice = createRoute({
  getParentRoute: under,
  path: "/spam-controls",
  component: view([], () => import("@/features/domains/ChooseDomainPage"), "ChooseForSpamControls"),
});

const spam = createRoute({
  getParentRoute: under,
  path: "/spam-controls/$domain",
  params: named,
  /** `list`: which of the two sender lists is shown. */
  validateSearch: v.object({
    ...panel("add", "remove").entries,
    list: v.optional(v.fallback(v.picklist(["whitelist", "blacklist"]), "whitelist"), "whitelist"),
  }),
  component: view(["spam"], () => import("@/features/spam/SpamPage"), "SpamPage"),
});

const access = createRoute({
  getParentRoute: under,
  path: "/access-control",
  component: view(["access"], () => import("@/features/identity/AccessLayout"), "AccessLayout"),
});

const accessStart = createRoute({
  getParentRoute: () => access,
  path: "/",
  beforeLoad: async () => {
    const me = await queryClient.ensureQueryData(meQuery);
    throw redirect({ to: me.data.is_admin ? "/access-control/people" : "/access-control/sessions", replace: true });
  },
});

const people = createRoute({
  getParentRoute: () => access,
  path: "/people",
  validateSearch: panel("create", "edit", "delete"),
  component: view(["access"], () => import("@/features/identity/PeoplePage"), "PeoplePage"),
});

const tokens = createRoute({
  getParentRoute: () => access,
  path: "/tokens",
  validateSearch: panel("create", "view", "rotate", "revoke"),
  component: view(["access"], () => import("@/features/identity/TokensPage"), "TokensPage"),
});

const sessions = createRoute({
  getParentRoute: () => access,
  path: "/sessions",
  /** `everybody`: the sessions of all people, for administrators. */
  validateSearch: v.object({ everybody: flag }),
  component: view(["access"], () => import("@/features/identity/SessionsPage"), "SessionsPage"),
});

const auditLog = createRoute({
  getParentRoute: under,
  path: "/audit-log",
  /** Filters; `live`: new entries appear by themselves; `entry`: the one that is opened. */
  validateSearch: v.object({
    date: v.optional(
      v.fallback(
        v.pipe(
          v.string(),
          v.isoDate(),
          v.check((day) => !Number.isNaN(Date.parse(day))),
        ),
        "",
      ),
    ),
    actor: word,
    action: word,
    target: word,
    live: flag,
    entry: v.optional(v.fallback(v.union([v.number(), v.undefined()]), undefined)),
  }),
  component: view(["audit"], () => import("@/features/audit/AuditLogPage"), "AuditLogPage"),
});

const jobs = createRoute({
  getParentRoute: under,
  path: "/jobs",
  validateSearch: v.object({ state: word, kind: word }),
  component: view(["jobs"], () => import("@/features/jobs/JobsPage"), "JobsPage"),
});

const job = createRoute({
  getParentRoute: under,
  path: "/jobs/$job",
  component: view(["jobs"], () => import("@/features/jobs/JobPage"), "JobPage"),
});

const settings = createRoute({
  getParentRoute: under,
  path: "/settings",
  component: view(["settings", "access"], () => import("@/features/settings/SettingsPage"), "SettingsPage"),
});

const tree = root.addChildren([
  dashboard,
  domains,
  addDomain,
  domain.addChildren([domainOverview, domainDns, domainHistory, domainDmarc, domainPointers, domainHosting]),
  emailAccountsChoice,
  emailAccountsImport,
  emailAccounts,
  forwardersChoice,
  forwarders,
  spamChoice,
  spam,
  access.addChildren([accessStart, people, tokens, sessions]),
  auditLog,
  jobs,
  job,
  settings,
]);

export const router = createRouter({
  routeTree: tree,
  defaultPreload: "intent",
  defaultErrorComponent: Broken,
  defaultNotFoundComponent: NotFound,
  defaultPendingComponent: Starting,
  scrollRestoration: true,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
