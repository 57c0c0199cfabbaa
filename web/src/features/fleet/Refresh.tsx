/** The button that reads all domains anew, and what became of that. */
import { Button } from "@mantine/core";
import { IconRefresh } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "@/text";
import { ErrorNotice } from "@/ui";
import { FollowedJob } from "./FollowedJob";
import { fleetQuery } from "./queries";
import type { useRefresh } from "./useRefresh";

type Refreshing = ReturnType<typeof useRefresh>;

export function RefreshButton({ refresh }: { refresh: Refreshing }) {
  const { t } = useTranslation("fleet");
  return (
    <Button
      variant="default"
      leftSection={<IconRefresh size={18} aria-hidden />}
      loading={refresh.isPending}
      onClick={() => refresh.mutate()}
    >
      {t("refresh")}
    </Button>
  );
}

/** `job`: the refresh in the address, when it takes longer. */
export function RefreshState({ refresh, job }: { refresh: Refreshing; job?: string }) {
  const { t } = useTranslation("fleet");
  const queries = useQueryClient();
  const reload = () => void queries.invalidateQueries({ queryKey: fleetQuery.queryKey });
  return (
    <>
      {refresh.error && <ErrorNotice error={refresh.error} onRetry={() => refresh.mutate()} />}
      {job && <FollowedJob id={job} title={t("refreshing")} onEnd={reload} />}
    </>
  );
}
