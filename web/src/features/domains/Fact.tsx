/** One thing to know about a domain, with the way to its own view. */
import { Paper, Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";

interface FactProps {
  title: string;
  children: ReactNode;
  note?: ReactNode;
  link?: ReactNode;
}

export function Fact({ title, children, note, link }: FactProps) {
  return (
    <Paper withBorder p="md">
      <Stack gap={6} h="100%">
        <Title order={2} size="h5">
          {title}
        </Title>
        <Text component="div" size="lg" style={{ overflowWrap: "anywhere" }}>
          {children}
        </Text>
        {note && (
          <Text size="sm" c="dimmed">
            {note}
          </Text>
        )}
        {link && <div style={{ marginTop: "auto" }}>{link}</div>}
      </Stack>
    </Paper>
  );
}
