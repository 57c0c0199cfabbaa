/** Nothing to show, and what to do next. */
import { Stack, Text, Title } from "@mantine/core";
import { IconLock } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTranslation } from "@/text";

interface EmptyStateProps {
  icon?: ReactNode;
  title: string;
  hint?: ReactNode;
  /** The next step: a button or link. */
  action?: ReactNode;
}

export function EmptyState({ icon, title, hint, action }: EmptyStateProps) {
  return (
    <Stack align="center" gap="xs" py={48} px="md">
      {icon}
      <Title order={2} size="h4" ta="center">
        {title}
      </Title>
      {hint && (
        <Text c="dimmed" ta="center" maw="60ch" component="div">
          {hint}
        </Text>
      )}
      {action && <div style={{ marginTop: 8 }}>{action}</div>}
    </Stack>
  );
}

export function Forbidden({ admin = false }: { admin?: boolean }) {
  const { t } = useTranslation("app");
  return (
    <EmptyState
      icon={<IconLock size={36} aria-hidden />}
      title={t("forbidden.title")}
      hint={admin ? t("forbidden.adminHint") : t("forbidden.hint")}
    />
  );
}
