import { useTranslation } from "@/text";

const NAMES = {
  "mailbox.import": "kind.mailbox_import",
  "cloudflare.setup": "kind.cloudflare_setup",
  "dns.fix_bulk": "kind.dns_fix_bulk",
  "fleet.refresh": "kind.fleet_refresh",
} as const;

/** What a kind of job is called; a kind that the app does not know keeps its own name. */
export function useKindName(): (kind: string) => string {
  const { t } = useTranslation("jobs");
  return (kind) => (kind in NAMES ? t(NAMES[kind as keyof typeof NAMES]) : kind);
}
