/** A new mailbox: its form, then what came of it. What was made is forgotten when the panel closes. */
import { useState } from "react";
import { useTranslation } from "@/text";
import { SidePanel } from "@/ui";
import { CreatedMailbox } from "./CreatedMailbox";
import { CreateMailbox, type Made } from "./CreateMailbox";

interface CreatePanelProps {
  domain: string;
  opened: boolean;
  onClose: () => void;
  onSetUp: (username: string) => void;
}

export function CreatePanel({ domain, opened, onClose, onSetUp }: CreatePanelProps) {
  const { t } = useTranslation("mailboxes");
  const [made, setMade] = useState<Made | null>(null);
  // However it was closed, and also when the mailbox was there only afterwards.
  if (made && !opened) setMade(null);

  return (
    <SidePanel title={made ? t("made.title") : t("create")} opened={opened} onClose={onClose} once={made !== null}>
      {made ? (
        <CreatedMailbox
          made={made}
          onSetUp={() => onSetUp(made.username)}
          onAnother={() => setMade(null)}
          onDone={onClose}
        />
      ) : (
        <CreateMailbox domain={domain} onMade={setMade} onCancel={onClose} />
      )}
    </SidePanel>
  );
}
