/** A job in the address, followed beside the list it changes; hiding it does not end it. */
import { CloseButton, Group, Text, Title } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { JobProgress } from "@/features/jobs/api";
import { useTranslation } from "@/text";

interface FollowedJobProps {
  id: string;
  title: string;
  onEnd: () => void;
  /** What one should know of the list meanwhile. */
  note?: string;
}

export function FollowedJob({ id, title, onEnd, note }: FollowedJobProps) {
  const { t } = useTranslation("fleet");
  const navigate = useNavigate();
  const hide = () => void navigate({ to: ".", search: (before: object) => ({ ...before, job: undefined }) as never });
  return (
    <section aria-label={title}>
      <Group justify="space-between" mb="xs">
        <Title order={2} size="h5">
          {title}
        </Title>
        <CloseButton aria-label={t("hideJob")} onClick={hide} />
      </Group>
      <JobProgress id={id} onEnd={onEnd} />
      {note && (
        <Text size="sm" c="dimmed" mt="xs">
          {note}
        </Text>
      )}
    </section>
  );
}
