/** Imports that go on meanwhile: whoever comes back finds theirs again. */
import { Alert, Group } from "@mantine/core";
import { IconInfoCircle } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useMe } from "@/features/identity/api";
import { useTranslation } from "@/text";
import { AppLink } from "@/ui/AppLink";
import { runningQuery } from "./queries";

export function Running() {
  const { t } = useTranslation("mailboxes");
  const me = useMe();
  const jobs = useQuery(runningQuery);
  const mine = jobs.data?.data.filter((job) => job.created_by === me.email) ?? [];
  if (mine.length === 0) return null;
  return (
    <Alert color="sea" icon={<IconInfoCircle aria-hidden />} title={t("import.underWay")}>
      <Group gap="md">
        {mine.map(({ id, progress: { done, total } }) => (
          <AppLink key={id} to="/email-accounts/import" search={{ job: id }} size="sm">
            {t("import.follow", { done, total })}
          </AppLink>
        ))}
      </Group>
    </Alert>
  );
}
