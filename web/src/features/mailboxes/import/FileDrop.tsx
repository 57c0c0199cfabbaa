/** Where a file is dropped or chosen. */
import { Alert, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { type DragEvent, useId, useState } from "react";
import { useTranslation } from "@/text";
import { bytes, number } from "@/ui/format";
import classes from "./import.module.css";
import { MAX_BYTES, MAX_ROWS } from "./limits";
import { readFile, type Source, type Unreadable } from "./source";

export function FileDrop({ onRead }: { onRead: (source: Source) => void }) {
  const { t } = useTranslation("mailboxes");
  const [over, setOver] = useState(false);
  const [trouble, setTrouble] = useState<Unreadable | null>(null);
  const id = useId();
  const limits = { size: bytes(MAX_BYTES), max: number(MAX_ROWS) };

  async function take(files: FileList | null) {
    const file = files?.[0];
    if (!file) return;
    const found = await readFile(file);
    if (typeof found === "string") setTrouble(found);
    else onRead(found);
  }

  function drop(event: DragEvent) {
    event.preventDefault();
    setOver(false);
    void take(event.dataTransfer.files);
  }

  return (
    <>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: dropping is a second way, the input inside is the first */}
      <div
        className={classes.drop}
        data-over={over || undefined}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        <Text component="label" htmlFor={id} fw={600}>
          {t("import.file")}
        </Text>
        <Text size="sm" c="dimmed" id={`${id}-hint`}>
          {t("import.fileHint", limits)}
        </Text>
        <input
          id={id}
          type="file"
          accept=".csv,.tsv,.txt,text/csv,text/plain,text/tab-separated-values"
          aria-describedby={`${id}-hint`}
          onChange={(event) => void take(event.currentTarget.files)}
        />
      </div>
      {trouble && (
        <Alert role="alert" color="red" icon={<IconAlertTriangle aria-hidden />}>
          {t(`import.${trouble}`, limits)}
        </Alert>
      )}
    </>
  );
}
