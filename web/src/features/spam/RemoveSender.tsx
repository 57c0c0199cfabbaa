/** Before a sender leaves a list of the whole account. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "@/text";
import { ConfirmDialog, toast } from "@/ui";
import { removeSender, type SenderList } from "./queries";

interface RemoveSenderProps {
  domain: string;
  list: SenderList;
  entry: string;
  onClose: () => void;
}

export function RemoveSender({ domain, list, entry, onClose }: RemoveSenderProps) {
  const { t } = useTranslation("spam");
  const queries = useQueryClient();
  const remove = useMutation({
    mutationFn: () => removeSender(domain, list, entry),
    onSuccess: async () => {
      toast(t("removed", { entry }));
      onClose();
      await queries.invalidateQueries({ queryKey: ["spam", "senders", list] });
    },
  });
  return (
    <ConfirmDialog
      opened
      title={t(`removeTitle.${list}`)}
      effect={t(`removeEffect.${list}`, { entry })}
      name={entry}
      action={t("remove")}
      busy={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate()}
      onClose={onClose}
    />
  );
}
