/** A password to be set: shown on demand, and made by the browser's random source when asked for. */
import { ActionIcon, Button, Group, type InputWrapperProps, TextInput } from "@mantine/core";
import { IconDice5, IconEye, IconEyeOff } from "@tabler/icons-react";
import { type ChangeEvent, useState } from "react";
import { useTranslation } from "@/text";
import { CopyIcon } from "./Copy";
import { generatePassword } from "./password";

interface NewPasswordInputProps extends Pick<InputWrapperProps, "label" | "description" | "error" | "required"> {
  value?: string;
  /** Called with a text, or by the browser with an event. */
  onChange?: (value: string) => void;
  "data-autofocus"?: boolean;
}

export function NewPasswordInput({ value = "", onChange, ...input }: NewPasswordInputProps) {
  const { t } = useTranslation("ui");
  const [shown, setShown] = useState(false);
  const [generated, setGenerated] = useState("");
  const eye = shown ? t("password.hide") : t("password.show");

  function generate() {
    const made = generatePassword();
    setGenerated(made);
    setShown(true);
    onChange?.(made);
  }

  return (
    <TextInput
      {...input}
      type={shown ? "text" : "password"}
      value={value}
      onChange={(event: ChangeEvent<HTMLInputElement>) => onChange?.(event.currentTarget.value)}
      autoComplete="new-password"
      spellCheck={false}
      rightSectionWidth={value && value === generated ? 68 : 36}
      rightSection={
        <Group gap={0} wrap="nowrap">
          {value !== "" && value === generated && <CopyIcon value={value} what={t("password.word")} />}
          <ActionIcon variant="subtle" color="gray" aria-label={eye} onClick={() => setShown(!shown)}>
            {shown ? <IconEyeOff size={18} aria-hidden /> : <IconEye size={18} aria-hidden />}
          </ActionIcon>
        </Group>
      }
      inputWrapperOrder={["label", "description", "input", "error"]}
      inputContainer={(input) => (
        <Group gap="xs" wrap="nowrap">
          <div style={{ flex: 1 }}>{input}</div>
          <Button variant="default" leftSection={<IconDice5 size={18} aria-hidden />} onClick={generate}>
            {t("password.generate")}
          </Button>
        </Group>
      )}
    />
  );
}
