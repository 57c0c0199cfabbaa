/** What a repair would do, to be read before it is done; what is chosen is part of the address. */
import { Alert, Button, Checkbox, Group, Stack, Text } from "@mantine/core";
import { IconCloudQuestion } from "@tabler/icons-react";
import { type UseQueryResult, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import type { Answer } from "@/api/client";
import { useTranslation } from "@/text";
import { EmptyState, ErrorNotice, QueryView, SkeletonLines } from "@/ui";
import { Foreign } from "@/ui/Foreign";
import { FixResult } from "./FixResult";
import { Outdated } from "./Outdated";
import { PlanView } from "./PlanView";
import {
  applyFix,
  type Health,
  healthLater,
  isOutdated,
  KEYS,
  type Key,
  planQuery,
  type Replaceable,
  type Selection,
} from "./queries";
import { unknown } from "./selection";

const route = getRouteApi("/domains/$domain/dns");

interface PlanPanelProps {
  domain: string;
  /** Null: nothing to repair, as far as is known. */
  selection: Selection | null;
  health: UseQueryResult<Answer<Health>>;
  onClose: () => void;
}

export function PlanPanel({ domain, selection, health, onClose }: PlanPanelProps) {
  const { t } = useTranslation("dns");
  const queries = useQueryClient();
  const fix = useMutation({
    mutationFn: ({ chosen, fingerprint }: { chosen: Selection; fingerprint: string }) =>
      applyFix(domain, chosen, fingerprint),
    onSuccess: () => healthLater(queries, domain),
    // Whatever came of it, also after a failure: what was shown may not hold any more.
    onSettled: () => queries.invalidateQueries({ queryKey: ["dns", domain] }),
  });
  if (fix.data) return <FixResult domain={domain} result={fix.data.data} onClose={onClose} />;
  return (
    <Stack gap="md">
      {selection && (
        <>
          <Text>{t("plan.lead")}</Text>
          <Choice selection={selection} />
        </>
      )}
      <Unknown health={health} />
      {isOutdated(fix.error) ? (
        <Outdated title={t("plan.outdated")} hint={t("plan.outdatedHint")} />
      ) : (
        fix.error && <ErrorNotice error={fix.error} />
      )}
      {selection ? (
        <Planned
          domain={domain}
          selection={selection}
          busy={fix.isPending}
          onApply={(fingerprint) => fix.mutate({ chosen: selection, fingerprint })}
        />
      ) : (
        <QueryView query={health}>
          {(data) =>
            unknown(data).length === 0 && <EmptyState title={t("plan.nothing")} hint={t("plan.nothingHint")} />
          }
        </QueryView>
      )}
    </Stack>
  );
}

/** What could not be looked up: it is no part of the plan, and may need a repair all the same. */
function Unknown({ health }: { health: UseQueryResult<Answer<Health>> }) {
  const { t } = useTranslation("dns");
  const keys = health.data ? unknown(health.data.data) : [];
  if (keys.length === 0) return null;
  return (
    <Alert color="yellow" icon={<IconCloudQuestion aria-hidden />} title={t("plan.unknown")}>
      <Stack gap="xs" align="flex-start">
        <Text size="sm">{t("plan.unknownHint", { checks: keys.map((key) => t(`key.${key}`)).join(", ") })}</Text>
        <Button size="xs" variant="default" loading={health.isFetching} onClick={() => void health.refetch()}>
          {t("again")}
        </Button>
      </Stack>
    </Alert>
  );
}

/** Which checks the repair is about; at least one. */
function Choice({ selection }: { selection: Selection }) {
  const { t } = useTranslation("dns");
  const navigate = route.useNavigate();
  function choose(words: string[]) {
    const records = KEYS.filter((key) => words.includes(key));
    if (records.length > 0) void navigate({ search: (before) => ({ ...before, records }), replace: true });
  }
  return (
    <Checkbox.Group label={t("plan.choose")} value={selection.records} onChange={choose}>
      <Group gap="md" mt={6}>
        {KEYS.map((key: Key) => (
          <Checkbox key={key} value={key} label={t(`key.${key}`)} />
        ))}
      </Group>
    </Checkbox.Group>
  );
}

interface PlannedProps {
  domain: string;
  selection: Selection;
  busy: boolean;
  /** With the fingerprint of the plan that is shown. */
  onApply: (fingerprint: string) => void;
}

function Planned({ domain, selection, busy, onApply }: PlannedProps) {
  const { t } = useTranslation("dns");
  const navigate = route.useNavigate();
  const plan = useQuery(planQuery(domain, selection));
  function replace(what: Replaceable, wanted: boolean) {
    const others = selection.replace.filter((each) => each !== what);
    const next = wanted ? [...others, what] : others;
    void navigate({ search: (before) => ({ ...before, records: selection.records, replace: next }), replace: true });
  }
  return (
    <QueryView query={plan} loading={<SkeletonLines count={3} height={120} />}>
      {(data) => (
        <Stack gap="md">
          {data.zone.status !== "active" && (
            <Alert color="yellow">
              <Foreign text={t("plan.unseen", { zone: data.zone.name, status: data.zone.status })} />
            </Alert>
          )}
          <PlanView plan={data} replaced={selection.replace} onReplace={replace} />
          <Group justify="flex-end">
            {data.changes.length === 0 ? (
              <Text size="sm">{t("plan.noChange")}</Text>
            ) : (
              // What is read must be what is applied: not while the plan of another choice is still shown.
              <Button
                loading={busy}
                disabled={plan.isFetching || plan.isPlaceholderData}
                onClick={() => onApply(data.fingerprint)}
              >
                {t("plan.apply", { count: data.changes.length })}
              </Button>
            )}
          </Group>
        </Stack>
      )}
    </QueryView>
  );
}
