/** A plot that everybody can read: each bar has its name and its number as text. */
import { Box, Group, Progress, Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";

export interface Bar {
  key: string;
  name: ReactNode;
  /** What the bar says, in words. */
  text: string;
  /** 0 to 1. */
  share: number;
}

/** Share of a limit from which it is time to do something. */
const TIGHT = 0.9;

export function Bars({ bars, limited = false }: { bars: readonly Bar[]; limited?: boolean }) {
  return (
    <Stack component="ul" gap="sm" m={0} p={0} style={{ listStyle: "none" }}>
      {bars.map(({ key, name, text, share }) => (
        <Box component="li" key={key}>
          <Group justify="space-between" gap="sm" wrap="nowrap">
            <Text size="sm" style={{ overflowWrap: "anywhere" }}>
              {name}
            </Text>
            <Text size="sm" style={{ whiteSpace: "nowrap", fontVariantNumeric: "tabular-nums" }}>
              {text}
            </Text>
          </Group>
          <Progress
            aria-hidden
            value={Math.min(share, 1) * 100}
            color={limited && share >= TIGHT ? "red" : undefined}
            size="sm"
            mt={4}
          />
        </Box>
      ))}
    </Stack>
  );
}
