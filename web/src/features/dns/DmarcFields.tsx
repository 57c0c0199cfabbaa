/** The parts of a DMARC record as fields, and the record itself: changing one changes the other. */
import { NativeSelect, SimpleGrid, Stack, Textarea, TextInput } from "@mantine/core";
import { type ReactNode, useEffect, useState } from "react";
import { useTranslation } from "@/text";
import { ALIGNMENTS, asReportAddresses, POLICIES, tagsOf, withTag } from "./dmarc";

interface DmarcFieldsProps {
  text: string;
  error: ReactNode;
  onChange: (text: string) => void;
}

export function DmarcFields({ text, error, onChange }: DmarcFieldsProps) {
  const { t } = useTranslation("dns");
  const policies = POLICIES.map((value) => ({ value, label: t(`dmarc.policy.${value}`) }));
  const alignments = ALIGNMENTS.map((value) => ({ value, label: t(`dmarc.alignment.${value}`) }));
  const set = (name: string) => (value: string) => onChange(withTag(text, name, value));
  return (
    <Stack gap="md">
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <Choice
          name="p"
          text={text}
          label={t("dmarc.field.p")}
          hint={t("dmarc.field.pHint")}
          options={policies}
          unset={t("dmarc.unset")}
          onSet={set("p")}
        />
        <Choice
          name="sp"
          text={text}
          label={t("dmarc.field.sp")}
          hint={t("dmarc.field.spHint")}
          options={policies}
          unset={t("dmarc.sameAsDomain")}
          onSet={set("sp")}
        />
        <Choice
          name="adkim"
          text={text}
          label={t("dmarc.field.adkim")}
          hint={t("dmarc.field.alignmentHint")}
          options={alignments}
          unset={t("dmarc.relaxedUnset")}
          onSet={set("adkim")}
        />
        <Choice
          name="aspf"
          text={text}
          label={t("dmarc.field.aspf")}
          hint={t("dmarc.field.alignmentHint")}
          options={alignments}
          unset={t("dmarc.relaxedUnset")}
          onSet={set("aspf")}
        />
        <Reports
          value={tagsOf(text).get("rua") ?? ""}
          label={t("dmarc.field.rua")}
          hint={t("dmarc.field.ruaHint")}
          onSet={set("rua")}
        />
        <Reports
          value={tagsOf(text).get("ruf") ?? ""}
          label={t("dmarc.field.ruf")}
          hint={t("dmarc.field.rufHint")}
          onSet={set("ruf")}
        />
      </SimpleGrid>
      <Textarea
        label={t("dmarc.field.text")}
        description={t("dmarc.field.textHint")}
        autosize
        minRows={2}
        spellCheck={false}
        autoCapitalize="none"
        value={text}
        error={error}
        styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)" } }}
        onChange={(event) => onChange(event.currentTarget.value.replace(/[\r\n]+/g, " "))}
      />
    </Stack>
  );
}

interface ChoiceProps {
  name: string;
  text: string;
  label: string;
  hint: string;
  options: Array<{ value: string; label: string }>;
  unset: string;
  onSet: (value: string) => void;
}

function Choice({ name, text, label, hint, options, unset, onSet }: ChoiceProps) {
  const { t } = useTranslation("dns");
  const value = tagsOf(text).get(name)?.toLowerCase() ?? "";
  const known = value === "" || options.some((each) => each.value === value);
  return (
    <NativeSelect
      label={label}
      description={hint}
      value={value}
      data={[
        { value: "", label: unset },
        ...options,
        // What stands in the text is shown as it is, and kept until another is chosen.
        ...(known ? [] : [{ value, label: t("dmarc.odd", { value }) }]),
      ]}
      onChange={(event) => onSet(event.currentTarget.value)}
    />
  );
}

interface ReportsProps {
  /** As it stands in the record. */
  value: string;
  label: string;
  hint: string;
  onSet: (value: string) => void;
}

/** What is typed becomes part of the record when the field is left: a half-typed address is none. */
function Reports({ value, label, hint, onSet }: ReportsProps) {
  const [typed, setTyped] = useState(value);
  useEffect(() => setTyped(value), [value]);
  return (
    <TextInput
      label={label}
      description={hint}
      value={typed}
      autoCapitalize="none"
      spellCheck={false}
      onChange={(event) => setTyped(event.currentTarget.value)}
      onBlur={() => {
        const next = asReportAddresses(typed);
        setTyped(next);
        if (next !== value) onSet(next);
      }}
    />
  );
}
