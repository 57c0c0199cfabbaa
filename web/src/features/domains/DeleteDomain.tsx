/** Before a domain is deleted with everything in it. */
import { List, Stack, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "@/text";
import { ConfirmDialog, toast } from "@/ui";
import { useWhileHere } from "@/ui/useWhileHere";
import { deleteDomain, domainQuery } from "./queries";

export function DeleteDomain({ domain, onClose }: { domain: string; onClose: () => void }) {
  const { t } = useTranslation("domains");
  const queries = useQueryClient();
  const navigate = useNavigate();
  const leave = useWhileHere(() => void navigate({ to: "/domains" }));
  const remove = useMutation({
    mutationFn: () => deleteDomain(domain),
    onSuccess: async () => {
      toast(t("delete.done", { domain }));
      leave();
      // The view of it is still there for a moment: it shall not ask for what is gone.
      await queries.invalidateQueries({ queryKey: domainQuery(domain).queryKey, refetchType: "none" });
      const others = ["domains", "fleet", "me"];
      await Promise.all(others.map((key) => queries.invalidateQueries({ queryKey: [key], exact: true })));
    },
  });
  return (
    <ConfirmDialog
      opened
      title={t("delete.title")}
      effect={
        <Stack gap="sm">
          <Text>{t("delete.goes", { domain })}</Text>
          <List spacing={4}>
            <List.Item>{t("delete.mail")}</List.Item>
            <List.Item>{t("delete.forwarders")}</List.Item>
            <List.Item>{t("delete.ours")}</List.Item>
          </List>
          <Text>{t("delete.stays")}</Text>
        </Stack>
      }
      name={domain}
      action={t("delete.action")}
      busy={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate()}
      onClose={onClose}
    />
  );
}
