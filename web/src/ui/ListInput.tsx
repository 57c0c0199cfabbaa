/** Several short values: one after the other, or many at once with commas, semicolons or spaces between them. */
import { TagsInput, type TagsInputProps } from "@mantine/core";

const BETWEEN = [",", ";", " "];

interface ListInputProps extends Pick<TagsInputProps, "label" | "description" | "required" | "error"> {
  value?: string[];
  onChange?: (value: string[]) => void;
}

export function ListInput({ onChange, ...input }: ListInputProps) {
  return (
    <TagsInput
      {...input}
      acceptValueOnBlur
      splitChars={BETWEEN}
      autoCapitalize="none"
      spellCheck={false}
      onChange={(values) => onChange?.(separated(values))}
    />
  );
}

/** The values that lie in these texts, each once. */
export function separated(texts: readonly string[]): string[] {
  return [...new Set(texts.flatMap((text) => text.split(/[,;\s]+/)).filter(Boolean))];
}
