/** Before somebody's access ends. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "@/text";
import { ConfirmDialog, toast } from "@/ui";
import { deletePerson, type Person, peopleQuery } from "./queries";

export function DeletePerson({ person, onClose }: { person: Person; onClose: () => void }) {
  const { t } = useTranslation("access");
  const queries = useQueryClient();
  const { email } = person;
  const remove = useMutation({
    mutationFn: () => deletePerson(email),
    onSuccess: async () => {
      toast(t("people.deleted", { email }));
      onClose();
      await queries.invalidateQueries({ queryKey: peopleQuery.queryKey });
    },
  });
  return (
    <ConfirmDialog
      opened
      title={t("people.deleteTitle", { email })}
      effect={t("people.deleteEffect", { email })}
      name={email}
      action={t("people.delete")}
      busy={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate()}
      onClose={onClose}
    />
  );
}
