/** Before something is undone: what will become of the records. */
import { Alert, Button, Group, Stack, Text, Title } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { ApiError } from "@/api/errors";
import { useTranslation } from "@/text";
import { EmptyState, ErrorNotice, Loading, toast } from "@/ui";
import { ChangeCard } from "./ChangeCard";
import { Outdated } from "./Outdated";
import { healthLater, isOutdated, revert, undoQuery } from "./queries";

interface UndoPanelProps {
  domain: string;
  /** The id of a change, or of a repair. */
  item: string;
  onClose: () => void;
}

export function UndoPanel({ domain, item, onClose }: UndoPanelProps) {
  const { t } = useTranslation("dns");
  const { t: ui } = useTranslation("ui");
  const queries = useQueryClient();
  const plan = useQuery(undoQuery(domain, item));
  const undo = useMutation({
    mutationFn: (fingerprint: string) => revert(domain, item, fingerprint),
    onSuccess: ({ data }) => {
      toast(t("undo.done", { count: data.reverted.length }));
      healthLater(queries, domain);
      onClose();
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ["dns", domain] }),
  });

  if (plan.error) return <Refused error={plan.error} onRetry={() => void plan.refetch()} />;
  if (!plan.data) return <Loading />;
  const { changes, fingerprint } = plan.data.data;
  if (changes.length === 0) return <EmptyState title={t("undo.nothing")} hint={t("undo.nothingHint")} />;
  return (
    <Stack gap="md">
      <Text>{t("undo.lead", { count: changes.length })}</Text>
      {isOutdated(undo.error) ? (
        <Outdated title={t("undo.outdated")} hint={t("undo.outdatedHint")} />
      ) : (
        undo.error && <ErrorNotice error={undo.error} />
      )}
      <Title order={3} size="h5">
        {t("undo.becomes")}
      </Title>
      {changes.map((change) => (
        <ChangeCard
          key={`${change.key} ${change.type} ${change.name}`}
          change={{ ...change, reason: t("undo.reason") }}
        />
      ))}
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          {ui("cancel")}
        </Button>
        <Button loading={undo.isPending} disabled={plan.isFetching} onClick={() => undo.mutate(fingerprint)}>
          {t("undo.action", { count: changes.length })}
        </Button>
      </Group>
    </Stack>
  );
}

function Refused({ error, onRetry }: { error: Error; onRetry: () => void }) {
  const { t } = useTranslation("dns");
  const code = error instanceof ApiError ? error.code : "";
  if (code === "not_found") return <EmptyState title={t("undo.nothing")} hint={t("undo.unknown")} />;
  return (
    <Stack gap="md">
      <ErrorNotice error={error} onRetry={onRetry} />
      {code === "conflict" && <Alert color="yellow">{t("undo.conflict")}</Alert>}
    </Stack>
  );
}
