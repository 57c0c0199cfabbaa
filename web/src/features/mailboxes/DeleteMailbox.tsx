/** Before a mailbox is deleted with its mail. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "@/text";
import { ConfirmDialog, toast } from "@/ui";
import { megabytes } from "@/ui/format";
import { deleteMailbox, type Mailbox, mailboxesChanged } from "./queries";

interface DeleteMailboxProps {
  domain: string;
  mailbox: Mailbox;
  onClose: () => void;
}

export function DeleteMailbox({ domain, mailbox: { username, email, usage }, onClose }: DeleteMailboxProps) {
  const { t } = useTranslation("mailboxes");
  const queries = useQueryClient();
  const remove = useMutation({
    mutationFn: () => deleteMailbox(domain, username),
    onSuccess: async () => {
      toast(t("deleted.done", { email }));
      onClose();
      await mailboxesChanged(queries);
    },
  });
  return (
    <ConfirmDialog
      opened
      title={t("deleted.title")}
      effect={
        usage === null ? t("deleted.effect", { email }) : t("deleted.effectSized", { email, size: megabytes(usage) })
      }
      name={email}
      action={t("deleted.action")}
      busy={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate()}
      onClose={onClose}
    />
  );
}
