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

  function leave(next: () => void) {
    setMade(null);
    next();
  }

  return (
    <SidePanel title={made ? t("made.title") : t("create")} opened={opened} onClose={() => leave(onClose)}>
      {made ? (
        <CreatedMailbox
          made={made}
          onSetUp={() => leave(() => onSetUp(made.username))}
          onAnother={() => setMade(null)}
          onDone={() => leave(onClose)}
        />
      ) : (
        <CreateMailbox domain={domain} onMade={setMade} onCancel={onClose} />
      )}
    </SidePanel>
  );
}
