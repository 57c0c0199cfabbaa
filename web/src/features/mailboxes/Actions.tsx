/** What can be done with one mailbox, by what the person may do. */
import { Group } from "@mantine/core";
import { IconDeviceMobileCog, IconPencil, IconTrash } from "@tabler/icons-react";
import { useTranslation } from "@/text";
import { IconAction } from "@/ui";

interface ActionsProps {
  email: string;
  /** May it be changed? */
  manages: boolean;
  onOpen: (panel: "edit" | "setup" | "delete") => void;
}

export function Actions({ email, manages, onOpen }: ActionsProps) {
  const { t } = useTranslation("mailboxes");
  return (
    <Group gap={4} wrap="nowrap" justify="flex-end">
      <IconAction icon={IconDeviceMobileCog} label={t("setUp", { email })} onClick={() => onOpen("setup")} />
      {manages && (
        <>
          <IconAction icon={IconPencil} label={t("edit", { email })} onClick={() => onOpen("edit")} />
          <IconAction danger icon={IconTrash} label={t("delete", { email })} onClick={() => onOpen("delete")} />
        </>
      )}
    </Group>
  );
}
