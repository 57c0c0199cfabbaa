/** Before a pointer is deleted. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "@/text";
import { ConfirmDialog, toast } from "@/ui";
import { deletePointer, domainQuery, type Pointer } from "./queries";

interface DeletePointerProps {
  domain: string;
  pointer: Pointer;
  onClose: () => void;
}

export function DeletePointer({ domain, pointer: { pointer }, onClose }: DeletePointerProps) {
  const { t } = useTranslation("domains");
  const queries = useQueryClient();
  const remove = useMutation({
    mutationFn: () => deletePointer(domain, pointer),
    onSuccess: async () => {
      toast(t("pointer.deleted", { pointer }));
      onClose();
      await queries.invalidateQueries({ queryKey: domainQuery(domain).queryKey });
    },
  });
  return (
    <ConfirmDialog
      opened
      title={t("pointer.deleteTitle")}
      effect={t("pointer.deleteEffect", { pointer, domain })}
      name={pointer}
      action={t("pointer.deleteAction")}
      busy={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate()}
      onClose={onClose}
    />
  );
}
