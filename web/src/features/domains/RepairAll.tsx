/** Before all domains are repaired at once: which, and what will and will not be done. */
import { List, Stack, Text } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { cloudflareQuery, type FleetRow, standing } from "@/features/fleet/api";
import { useTranslation } from "@/text";
import { ConfirmDialog } from "@/ui";
import { repairAll } from "./queries";

const route = getRouteApi("/domains");

export function RepairAll({ rows, onClose }: { rows: readonly FleetRow[]; onClose: () => void }) {
  const { t } = useTranslation("domains");
  const navigate = route.useNavigate();
  const cloudflare = useQuery(cloudflareQuery).data?.data;
  const repair = useMutation({
    mutationFn: () => repairAll(),
    onSuccess: (job) =>
      void navigate({ search: (before) => ({ ...before, panel: undefined, job: job.id }), replace: true }),
  });
  const sick = rows.filter((row) => ["unhealthy", "degraded"].includes(standing(row) ?? ""));
  return (
    <ConfirmDialog
      opened
      title={t("repairAllTitle")}
      effect={
        <Stack gap="sm">
          <Text>{t("repairAllCount", { count: sick.length })}</Text>
          <List spacing={4}>
            <List.Item>{t("repairAllDoes.add")}</List.Item>
            <List.Item>{t("repairAllDoes.spf")}</List.Item>
            <List.Item>{t("repairAllDoes.keep")}</List.Item>
            <List.Item>{t("repairAllDoes.webmail")}</List.Item>
            <List.Item>{t("repairAllDoes.undo")}</List.Item>
          </List>
          {cloudflare?.configured === false && <Text fw={600}>{t("noCloudflare")}</Text>}
        </Stack>
      }
      action={t("repairAllAction")}
      busy={repair.isPending}
      error={repair.error}
      onConfirm={() => repair.mutate()}
      onClose={onClose}
    />
  );
}
