/** Before a job is cancelled. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "@/text";
import { ConfirmDialog, toast } from "@/ui";
import { cancelJob, jobQuery } from "./queries";

export function CancelJob({ id, onClose }: { id: string; onClose: () => void }) {
  const { t } = useTranslation("jobs");
  const queries = useQueryClient();
  const cancel = useMutation({
    mutationFn: () => cancelJob(id),
    onSuccess: async () => {
      toast(t("cancelled"));
      onClose();
      await queries.invalidateQueries({ queryKey: jobQuery(id).queryKey });
    },
  });
  return (
    <ConfirmDialog
      opened
      title={t("cancel")}
      effect={t("cancelEffect")}
      action={t("cancel")}
      busy={cancel.isPending}
      error={cancel.error}
      onConfirm={() => cancel.mutate()}
      onClose={onClose}
    />
  );
}
