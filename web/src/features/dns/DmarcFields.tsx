/** The parts of a DMARC record as fields, and the record itself: changing one changes the other. */
import { NativeSelect, SimpleGrid, Stack, Textarea, TextInput } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { useTranslation } from "@/text";
import { ALIGNMENTS, POLICIES, REPORTS, tagValue, withTag } from "./dmarc";
import { type DmarcValues, withText, withTyped } from "./dmarcValues";

/** The tags that are one of a few words. */
const CHOICES = [
  { name: "p", words: "policy", hint: "dmarc.field.pHint", unset: "dmarc.unset" },
  { name: "sp", words: "policy", hint: "dmarc.field.spHint", unset: "dmarc.sameAsDomain" },
  { name: "adkim", words: "alignment", hint: "dmarc.field.alignmentHint", unset: "dmarc.relaxedUnset" },
  { name: "aspf", words: "alignment", hint: "dmarc.field.alignmentHint", unset: "dmarc.relaxedUnset" },
] as const;

export function DmarcFields({ form }: { form: UseFormReturnType<DmarcValues> }) {
  const { t } = useTranslation("dns");
  const options = {
    policy: POLICIES.map((value) => ({ value: value as string, label: t(`dmarc.policy.${value}`) })),
    alignment: ALIGNMENTS.map((value) => ({ value: value as string, label: t(`dmarc.alignment.${value}`) })),
  };
  const text = form.values.dmarc_record;
  const setText = (next: string) => form.setValues(withText(form.values, next));
  return (
    <Stack gap="md">
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        {CHOICES.map((choice) => (
          <Choice
            key={choice.name}
            name={choice.name}
            text={text}
            hint={t(choice.hint)}
            options={[{ value: "", label: t(choice.unset) }, ...options[choice.words]]}
            onSet={(value) => setText(withTag(text, choice.name, value))}
          />
        ))}
        {REPORTS.map((name) => (
          <TextInput
            key={name}
            label={t(`dmarc.field.${name}`)}
            description={t(`dmarc.field.${name}Hint`)}
            autoCapitalize="none"
            spellCheck={false}
            {...form.getInputProps(name)}
            // What is typed becomes part of the record when the field is left: a half-typed address is none.
            onBlur={() => {
              if (!form.validateField(name).hasError) setText(withTyped(form.values, name));
            }}
          />
        ))}
      </SimpleGrid>
      <Textarea
        label={t("dmarc.field.text")}
        description={t("dmarc.field.textHint")}
        autosize
        minRows={2}
        spellCheck={false}
        autoCapitalize="none"
        value={text}
        error={form.errors.dmarc_record}
        styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)" } }}
        onChange={(event) => setText(event.currentTarget.value.replace(/[\r\n]+/g, " "))}
      />
    </Stack>
  );
}

interface ChoiceProps {
  name: (typeof CHOICES)[number]["name"];
  text: string;
  hint: string;
  options: Array<{ value: string; label: string }>;
  onSet: (value: string) => void;
}

function Choice({ name, text, hint, options, onSet }: ChoiceProps) {
  const { t } = useTranslation("dns");
  const value = tagValue(text, name).toLowerCase();
  const known = options.some((each) => each.value === value);
  return (
    <NativeSelect
      label={t(`dmarc.field.${name}`)}
      description={hint}
      value={value}
      // What stands in the text is shown as it is, and kept until another is chosen.
      data={known ? options : [...options, { value, label: t("dmarc.odd", { value }) }]}
      onChange={(event) => onSet(event.currentTarget.value)}
    />
  );
}
