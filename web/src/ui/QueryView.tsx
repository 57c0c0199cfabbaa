/**
 * The states of a view that shows an answer of the API: loading in the shape of what comes, failed with a way on,
 * and there, with a banner when it is old.
 */
import { Alert, Button, Group, Skeleton, Stack, Text, VisuallyHidden } from "@mantine/core";
import { IconClockExclamation } from "@tabler/icons-react";
import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { Answer, Meta } from "@/api/client";
import { ApiError } from "@/api/errors";
import { useTranslation } from "@/text";
import { Forbidden } from "./EmptyState";
import { ErrorNotice } from "./ErrorNotice";
import { relative } from "./format";

interface QueryViewProps<Data> {
  query: UseQueryResult<Answer<Data>>;
  /** What stands there while it loads; a few lines unless told. */
  loading?: ReactNode;
  children: (data: Data, meta: Meta | undefined) => ReactNode;
}

export function QueryView<Data>({ query, loading, children }: QueryViewProps<Data>) {
  const again = () => void query.refetch();
  if (query.data === undefined) {
    if (query.error instanceof ApiError && query.error.code === "forbidden") return <Forbidden />;
    if (query.error) return <ErrorNotice error={query.error} onRetry={again} />;
    return <Loading>{loading}</Loading>;
  }
  return (
    <Stack gap="md">
      {query.error && <ErrorNotice error={query.error} onRetry={again} />}
      {query.data.meta?.stale && <StaleBanner meta={query.data.meta} onRetry={again} busy={query.isFetching} />}
      {children(query.data.data, query.data.meta)}
    </Stack>
  );
}

export function Loading({ children }: { children?: ReactNode }) {
  const { t } = useTranslation("ui");
  return (
    <div aria-busy="true">
      <VisuallyHidden role="status">{t("loading")}</VisuallyHidden>
      <div aria-hidden="true">{children ?? <SkeletonLines count={6} />}</div>
    </div>
  );
}

export function SkeletonLines({ count, height = 36 }: { count: number; height?: number }) {
  return (
    <Stack gap="xs">
      {Array.from({ length: count }, (_, line) => line).map((line) => (
        <Skeleton key={line} height={height} />
      ))}
    </Stack>
  );
}

function StaleBanner({ meta, onRetry, busy }: { meta: Meta; onRetry: () => void; busy: boolean }) {
  const { t } = useTranslation("ui");
  const who = t("upstream");
  return (
    <Alert color="yellow" icon={<IconClockExclamation aria-hidden />} role="status">
      <Group justify="space-between" gap="sm">
        <Text size="sm">
          {meta.fetched_at
            ? t("fresh.stale", { who, ago: relative(meta.fetched_at) })
            : t("fresh.staleUnknown", { who })}
        </Text>
        <Button size="xs" variant="default" onClick={onRetry} loading={busy}>
          {t("fresh.refresh")}
        </Button>
      </Group>
    </Alert>
  );
}
