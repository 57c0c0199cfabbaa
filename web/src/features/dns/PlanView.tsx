/** The plan of a repair: what changes, what is in the way, what stays. */
import { Checkbox, Stack, Text, Title } from "@mantine/core";
import { useTranslation } from "@/text";
import { Foreign } from "@/ui/Foreign";
import { ChangeCard } from "./ChangeCard";
import { ConflictCard } from "./ConflictCard";
import type { Plan, Replaceable } from "./queries";

interface PlanViewProps {
  plan: Plan;
  replaced: readonly Replaceable[];
  onReplace: (what: Replaceable, wanted: boolean) => void;
}

export function PlanView({ plan, replaced, onReplace }: PlanViewProps) {
  const { t } = useTranslation("dns");
  return (
    <>
      {plan.conflicts.length > 0 && (
        <Stack gap="sm">
          <Title order={3} size="h5">
            {t("plan.conflicts")}
          </Title>
          {plan.conflicts.map((conflict) => (
            <ConflictCard
              key={`${conflict.key} ${conflict.type} ${conflict.name}`}
              conflict={conflict}
              onReplace={onReplace}
            />
          ))}
        </Stack>
      )}
      {plan.changes.length > 0 && (
        <Stack gap="sm">
          <Title order={3} size="h5">
            {t("plan.changes")}
          </Title>
          {plan.changes.map((change) => {
            const what = replaced.find((each) => each === change.key);
            return (
              <ChangeCard key={`${change.key} ${change.type} ${change.name}`} change={change}>
                {what && change.before.length > 0 && (
                  <Checkbox
                    checked
                    label={<Foreign text={t("replacing", { count: change.before.length, name: change.name })} />}
                    onChange={() => onReplace(what, false)}
                  />
                )}
              </ChangeCard>
            );
          })}
        </Stack>
      )}
      <Unchanged plan={plan} />
    </>
  );
}

function Unchanged({ plan }: { plan: Plan }) {
  const { t } = useTranslation("dns");
  if (plan.unchanged.length === 0) return null;
  return (
    <Stack gap={6}>
      <Title order={3} size="h5">
        {t("plan.unchanged")}
      </Title>
      <ul style={{ margin: 0 }}>
        {plan.unchanged.map((key) => (
          <li key={key}>
            <Text size="sm" span fw={600}>
              {t(`key.${key}`)}:
            </Text>{" "}
            <Text size="sm" span>
              <Foreign text={plan.notes[key] ?? t("plan.well")} />
            </Text>
          </li>
        ))}
      </ul>
    </Stack>
  );
}
