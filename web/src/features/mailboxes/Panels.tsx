/** Forms and details beside the list. Those that change something are there only for people who may. */
import { Skeleton } from "@mantine/core";
import type { UseQueryResult } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import type { Answer } from "@/api/client";
import { ClientSetup } from "@/features/client_setup/api";
import { useTranslation } from "@/text";
import { EmptyState, ErrorNotice, SidePanel } from "@/ui";
import { useWhileHere } from "@/ui/useWhileHere";
import { CreatePanel } from "./CreatePanel";
import { DeleteMailbox } from "./DeleteMailbox";
import { EditMailbox } from "./EditMailbox";
import type { Mailbox } from "./queries";

type Panel = "create" | "edit" | "setup" | "delete";

interface PanelsProps {
  domain: string;
  manages: boolean;
  mailboxes: UseQueryResult<Answer<Mailbox[]>>;
  panel: Panel | undefined;
  /** The username that the panel is about. */
  item: string;
  onOpen: (panel?: Panel, username?: string) => void;
}

export function Panels({ domain, manages, mailboxes, panel, item, onOpen }: PanelsProps) {
  const { t } = useTranslation("mailboxes");
  // A panel that slides out still shows whom it was about.
  const [shown, setShown] = useState(item);
  if (item && item !== shown) setShown(item);
  const close = useWhileHere(() => onOpen());
  const chosen = mailboxes.data?.data.find((each) => each.username === shown);
  const email = `${shown}@${domain}`;
  const about = (show: (mailbox: Mailbox) => ReactNode) => {
    if (chosen) return show(chosen);
    // One that was just made may still be missing.
    if (mailboxes.isFetching) return <Skeleton height={240} />;
    if (mailboxes.error) return <ErrorNotice error={mailboxes.error} onRetry={() => void mailboxes.refetch()} />;
    return <EmptyState title={t("gone", { email })} hint={t("goneHint")} />;
  };
  return (
    <>
      {manages && (
        <>
          <CreatePanel
            domain={domain}
            opened={panel === "create"}
            onClose={close}
            onSetUp={(username) => onOpen("setup", username)}
          />
          <SidePanel title={t("edited.title", { email })} opened={panel === "edit"} onClose={close}>
            {about((mailbox) => (
              <EditMailbox key={mailbox.email} domain={domain} mailbox={mailbox} />
            ))}
          </SidePanel>
          <SidePanel
            title={t("deleted.title")}
            opened={panel === "delete" && mailboxes.data !== undefined && !mailboxes.isFetching && !chosen}
            onClose={close}
          >
            <EmptyState title={t("gone", { email })} hint={t("goneHint")} />
          </SidePanel>
          {panel === "delete" && chosen && <DeleteMailbox domain={domain} mailbox={chosen} onClose={close} />}
        </>
      )}
      <SidePanel title={t("setup.titleOf", { email })} opened={panel === "setup"} onClose={close}>
        {about((mailbox) => (
          <ClientSetup domain={domain} username={mailbox.username} />
        ))}
      </SidePanel>
    </>
  );
}
