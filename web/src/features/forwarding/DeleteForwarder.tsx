/** Before a forwarder is deleted. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "@/text";
import { ConfirmDialog, toast } from "@/ui";
import { deleteForwarder, type Forwarder } from "./queries";

interface DeleteForwarderProps {
  domain: string;
  forwarder: Forwarder;
  onClose: () => void;
}

export function DeleteForwarder({ domain, forwarder, onClose }: DeleteForwarderProps) {
  const { t } = useTranslation("forwarding");
  const queries = useQueryClient();
  const { email, alias } = forwarder;
  const remove = useMutation({
    mutationFn: () => deleteForwarder(domain, alias),
    onSuccess: async () => {
      toast(t("deleted", { email }));
      onClose();
      await queries.invalidateQueries({ queryKey: ["forwarders", domain] });
    },
  });
  return (
    <ConfirmDialog
      opened
      title={t("deleteTitle")}
      effect={t("deleteEffect", { email, destinations: forwarder.destinations.join(", ") })}
      name={alias}
      action={t("deleteAction")}
      busy={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate()}
      onClose={onClose}
    />
  );
}
