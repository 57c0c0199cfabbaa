/** The rows to import: a file, or what is pasted. Only one of both counts, so only one is shown when there is one. */
import { Button, Group, Text, Textarea } from "@mantine/core";
import { IconDownload, IconFileSpreadsheet } from "@tabler/icons-react";
import { useTranslation } from "@/text";
import { FileDrop } from "./FileDrop";
import { NOTHING, type Source } from "./source";

interface SourceInputProps {
  source: Source;
  /** For the template's rows. */
  domain: string;
  onChange: (source: Source) => void;
}

export function SourceInput({ source, domain, onChange }: SourceInputProps) {
  const { t } = useTranslation("mailboxes");
  if (source.name !== null) {
    return (
      <Group gap="sm">
        <IconFileSpreadsheet size={24} aria-hidden />
        <Text fw={600} style={{ overflowWrap: "anywhere" }}>
          {t("import.chosen", { name: source.name })}
        </Text>
        <Button variant="default" size="xs" onClick={() => onChange(NOTHING)}>
          {t("import.remove")}
        </Button>
      </Group>
    );
  }
  return (
    <>
      {source.text === "" && <FileDrop onRead={onChange} />}
      <Textarea
        label={t("import.paste")}
        description={t("import.pasteHint")}
        value={source.text}
        rows={source.text ? 10 : 3}
        spellCheck={false}
        autoCapitalize="none"
        styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)", whiteSpace: "pre", overflowX: "auto" } }}
        onChange={(event) => onChange({ text: event.currentTarget.value, name: null })}
      />
      <Group>
        <Button
          variant="default"
          leftSection={<IconDownload size={18} aria-hidden />}
          onClick={() => void import("./template").then(({ saveTemplate }) => saveTemplate(domain))}
        >
          {t("import.template")}
        </Button>
      </Group>
    </>
  );
}
