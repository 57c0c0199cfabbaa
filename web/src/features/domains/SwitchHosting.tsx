/** Before mail hosting is switched: what becomes of the mail. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { healthQuery } from "@/features/dns/api";
import { useTranslation } from "@/text";
import { ConfirmDialog, toast } from "@/ui";
import { domainQuery, switchHosting } from "./queries";

interface SwitchHostingProps {
  domain: string;
  /** How it is now. */
  on: boolean;
  onClose: () => void;
}

export function SwitchHosting({ domain, on, onClose }: SwitchHostingProps) {
  const { t } = useTranslation("domains");
  const queries = useQueryClient();
  const change = useMutation({
    mutationFn: () => switchHosting(domain, !on),
    onSuccess: async ({ data }) => {
      toast(data.mail_hosting ? t("hosting.nowOn", { domain }) : t("hosting.nowOff", { domain }));
      onClose();
      await queries.invalidateQueries({ queryKey: domainQuery(domain).queryKey });
      await queries.invalidateQueries({ queryKey: ["dns", domain] });
      // With it the overview of all domains knows how its DNS stands now.
      await queries.prefetchQuery({ ...healthQuery(domain, true), staleTime: 0 });
      await queries.invalidateQueries({ queryKey: ["fleet"] });
    },
  });
  return (
    <ConfirmDialog
      opened
      title={on ? t("hosting.offTitle") : t("hosting.onTitle")}
      effect={on ? t("hosting.offEffect", { domain }) : t("hosting.onEffect", { domain })}
      name={on ? domain : undefined}
      action={on ? t("hosting.offAction") : t("hosting.onAction")}
      busy={change.isPending}
      error={change.error}
      onConfirm={() => change.mutate()}
      onClose={onClose}
    />
  );
}
