/** Before something is undone: what will become of the records. */
import { Alert, Button, Group, Stack, Text, Title } from "@mantine/core";
import { type UseInfiniteQueryResult, useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { ApiError } from "@/api/errors";
import { useTranslation } from "@/text";
import { EmptyState, ErrorNotice, Loading, toast } from "@/ui";
import { ChangeCard } from "./ChangeCard";
import { toUndo } from "./grouping";
import { type PastChange, revert } from "./queries";

interface UndoPanelProps {
  domain: string;
  /** The id of a change, or of a repair. */
  item: string;
  changes: readonly PastChange[];
  pages: Pick<UseInfiniteQueryResult, "hasNextPage" | "isFetching" | "fetchNextPage">;
  onClose: () => void;
}

export function UndoPanel({ domain, item, changes, pages, onClose }: UndoPanelProps) {
  const { t } = useTranslation("dns");
  const { t: ui } = useTranslation("ui");
  const queries = useQueryClient();
  const undo = useMutation({
    mutationFn: () => revert(domain, item),
    onSuccess: ({ data }) => {
      toast(t("undo.done", { count: data.reverted.length }));
      onClose();
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ["dns", domain] }),
  });
  // A repair may go on beyond the last page that is here: only what lies before others is here as a whole.
  const found = changes.some((change) => change.id === item || change.fix_id === item);
  const known = found && (!pages.hasNextPage || changes.at(-1)?.fix_id !== fixOf(changes, item));
  useOlderPages(known, pages);
  const left = toUndo(changes, item);

  if (!known && (pages.isFetching || pages.hasNextPage)) return <Loading />;
  if (left.length === 0) {
    return <EmptyState title={t("undo.nothing")} hint={known ? t("undo.nothingHint") : t("undo.unknown")} />;
  }
  const taken = undo.error instanceof ApiError && undo.error.code === "conflict";
  return (
    <Stack gap="md">
      <Text>{t("undo.lead", { count: left.length })}</Text>
      {undo.error && <ErrorNotice error={undo.error} />}
      {taken && <Alert color="yellow">{t("undo.conflict")}</Alert>}
      <Title order={3} size="h5">
        {t("undo.becomes")}
      </Title>
      {left.map((change) => (
        <ChangeCard key={change.id} change={backwards(change, t("undo.reason"))} />
      ))}
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          {ui("cancel")}
        </Button>
        <Button loading={undo.isPending} onClick={() => undo.mutate()}>
          {t("undo.action", { count: left.length })}
        </Button>
      </Group>
    </Stack>
  );
}

/** The change the other way round. */
function backwards(change: PastChange, reason: string): PastChange {
  const action = change.action === "create" ? "delete" : change.action === "delete" ? "create" : "update";
  return { ...change, action, before: change.after, after: change.before, reason };
}

/** An address may be about a change that is further back than what is loaded. */
function useOlderPages(known: boolean, { hasNextPage, isFetching, fetchNextPage }: UndoPanelProps["pages"]) {
  useEffect(() => {
    if (!known && hasNextPage && !isFetching) void fetchNextPage();
  }, [known, hasNextPage, isFetching, fetchNextPage]);
}

function fixOf(changes: readonly PastChange[], item: string): string | undefined {
  return changes.find((change) => change.id === item || change.fix_id === item)?.fix_id;
}
