/** What jobs and their steps are called; a name that the app does not know stays as it is. */
import { useTranslation } from "@/text";
import type { Job } from "./queries";
import { domainOf } from "./results";

const KINDS = {
  "mailbox.import": "kind.mailbox_import",
  "cloudflare.setup": "kind.cloudflare_setup",
  "dns.fix_bulk": "kind.dns_fix_bulk",
  "fleet.refresh": "kind.fleet_refresh",
} as const;

export function useKindName(): (kind: string) => string {
  const { t } = useTranslation("jobs");
  return (kind) => (kind in KINDS ? t(KINDS[kind as keyof typeof KINDS]) : kind);
}

/** With the domain, where the job is about one. */
export function useJobName(): (job: Pick<Job, "kind" | "results">) => string {
  const { t } = useTranslation("jobs");
  const kindName = useKindName();
  return (job) => {
    const domain = job.kind === "cloudflare.setup" && domainOf(job);
    return domain ? t("setupOf", { domain }) : kindName(job.kind);
  };
}

const STEPS = [
  "zone",
  "verification",
  "public_dns",
  "register",
  "mail_dns",
  "webmail",
  "verify",
  "names",
  "counts",
] as const;

export function useStepName(): (name: string) => string {
  const { t } = useTranslation("jobs");
  return (name) => {
    const known = STEPS.find((each) => each === name);
    return known ? t(`stepName.${known}`) : name;
  };
}
