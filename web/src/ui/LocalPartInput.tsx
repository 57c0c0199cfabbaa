/** The part of an address before the @; the rest of it stands beside. */
import { TextInput, type TextInputProps } from "@mantine/core";

interface LocalPartInputProps extends TextInputProps {
  domain: string;
}

export function LocalPartInput({ domain, ...input }: LocalPartInputProps) {
  return (
    <TextInput
      rightSection={`@${domain}`}
      rightSectionWidth="auto"
      rightSectionProps={{ style: { paddingInline: 12 } }}
      autoComplete="off"
      autoCapitalize="none"
      spellCheck={false}
      {...input}
    />
  );
}
