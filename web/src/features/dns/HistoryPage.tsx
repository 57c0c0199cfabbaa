/** What was changed in the zone through the manager, newest first, and the way back. */
import { Button, Center, Stack, Text, Title } from "@mantine/core";
import { IconHistory } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useTranslation } from "@/text";
import { EmptyState, ErrorNotice, Loading, SidePanel } from "@/ui";
import { useWhileHere } from "@/ui/useWhileHere";
import { byRepair } from "./grouping";
import { changesQuery } from "./queries";
import { RepairCard } from "./RepairCard";
import { UndoPanel } from "./UndoPanel";

const route = getRouteApi("/domains/$domain/history");

export function HistoryPage() {
  const { t } = useTranslation("dns");
  const { domain } = route.useParams();
  const { panel, item = "" } = route.useSearch();
  const navigate = route.useNavigate();
  const pages = useInfiniteQuery(changesQuery(domain));
  const changes = pages.data?.pages.flatMap((page) => page.data) ?? [];
  const open = (about?: string) =>
    void navigate({ search: (before) => ({ ...before, panel: about ? "undo" : undefined, item: about }) });
  const close = useWhileHere(() => open());
  return (
    <Stack gap="lg">
      <Stack gap={2}>
        <Title order={2} size="h3">
          {t("history.title")}
        </Title>
        <Text c="dimmed" maw="70ch">
          {t("history.lead")}
        </Text>
      </Stack>
      {pages.error && <ErrorNotice error={pages.error} onRetry={() => void pages.refetch()} />}
      {pages.isPending && <Loading />}
      {pages.data && changes.length === 0 && (
        <EmptyState
          icon={<IconHistory size={36} aria-hidden />}
          title={t("history.empty")}
          hint={t("history.emptyHint")}
        />
      )}
      {byRepair(changes, pages.hasNextPage).map((repair) => (
        <RepairCard key={repair.fixId} repair={repair} onUndo={open} />
      ))}
      {pages.hasNextPage && (
        <Center>
          <Button variant="default" loading={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
            {t("history.more")}
          </Button>
        </Center>
      )}
      <SidePanel title={t("undo.title")} opened={panel === "undo" && item !== ""} size="xl" onClose={close}>
        {item !== "" && <UndoPanel key={item} domain={domain} item={item} onClose={close} />}
      </SidePanel>
    </Stack>
  );
}
