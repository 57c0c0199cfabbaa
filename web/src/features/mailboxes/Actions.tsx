/** What can be done with one mailbox, by what the person may do. */
import { ActionIcon, Group, Tooltip } from "@mantine/core";
import { IconDeviceMobileCog, IconPencil, IconTrash } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTranslation } from "@/text";

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
      <Action label={t("setUp", { email })} onClick={() => onOpen("setup")}>
        <IconDeviceMobileCog size={18} aria-hidden />
      </Action>
      {manages && (
        <>
          <Action label={t("edit", { email })} onClick={() => onOpen("edit")}>
            <IconPencil size={18} aria-hidden />
          </Action>
          <Action label={t("delete", { email })} color="red" onClick={() => onOpen("delete")}>
            <IconTrash size={18} aria-hidden />
          </Action>
        </>
      )}
    </Group>
  );
}

interface ActionProps {
  label: string;
  color?: string;
  onClick: () => void;
  children: ReactNode;
}

function Action({ label, color = "gray", onClick, children }: ActionProps) {
  return (
    <Tooltip label={label}>
      <ActionIcon variant="subtle" color={color} aria-label={label} onClick={onClick}>
        {children}
      </ActionIcon>
    </Tooltip>
  );
}
