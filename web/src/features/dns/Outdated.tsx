/** A write was refused because something changed since it was read; what holds now is shown beside this. */
import { Alert, Stack, Text } from "@mantine/core";
import { IconRefreshAlert } from "@tabler/icons-react";
import type { ReactNode } from "react";

interface OutdatedProps {
  title: string;
  hint: string;
  children?: ReactNode;
}

export function Outdated({ title, hint, children }: OutdatedProps) {
  return (
    <Alert role="alert" color="yellow" icon={<IconRefreshAlert aria-hidden />} title={title}>
      <Stack gap="xs" align="flex-start">
        <Text size="sm">{hint}</Text>
        {children}
      </Stack>
    </Alert>
  );
}
