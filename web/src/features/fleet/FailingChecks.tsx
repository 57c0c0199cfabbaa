/** The checks of a domain that are not well, by name. */
import { useTranslation } from "@/text";
import { StatusBadge } from "@/ui";
import type { FleetRow } from "./queries";
import { failing } from "./standing";

export function FailingChecks({ row }: { row: FleetRow }) {
  const { t } = useTranslation("dns");
  return failing(row).map(({ key, status }) => (
    <StatusBadge key={key} status={status} label={t(`checkIs.${status}`, { check: t(`key.${key}`) })} />
  ));
}
