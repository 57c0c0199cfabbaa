/** A part of a record as it reads, with a button that copies it as it is. */
import { Code, Group } from "@mantine/core";
import { CopyIcon } from "@/ui";
import { Foreign } from "@/ui/Foreign";
import { spelledOut } from "@/ui/spelled";

export function CopyRecord({ value, what }: { value: string; what: string }) {
  return (
    <Group gap={4} wrap="nowrap" style={{ minWidth: 0 }}>
      <Code style={{ overflowWrap: "anywhere", whiteSpace: "pre-wrap" }}>
        <Foreign text={value} />
      </Code>
      <CopyIcon value={value} what={spelledOut(what)} />
    </Group>
  );
}
