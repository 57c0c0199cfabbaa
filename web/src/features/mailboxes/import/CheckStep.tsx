/** Second step: what becomes of each row. Nothing is created yet. */
import { Alert, Button, Checkbox, Group, Stack, Text } from "@mantine/core";
import { IconInfoCircle } from "@tabler/icons-react";
import { may, useMe } from "@/features/identity/api";
import { useTranslation } from "@/text";
import { ErrorNotice } from "@/ui";
import { RowTable } from "./RowTable";
import type { Checked, Draft } from "./useDraft";
import { type CheckedRow, counts, isCreated, VERDICTS, verdict } from "./verdict";

interface CheckStepProps {
  draft: Draft;
  checked: Checked;
  onlyProblems: boolean;
  onOnlyProblems: (only: boolean) => void;
  onBack: () => void;
}

export function CheckStep({ draft, checked, onlyProblems, onOnlyProblems, onBack }: CheckStepProps) {
  const { t } = useTranslation("mailboxes");
  const { t: ui } = useTranslation("ui");
  const me = useMe();
  const mayManage = (domain: string) => may(me, domain, "emails");
  const judge = (row: CheckedRow) => verdict(row, { generate: draft.generate, mayManage });
  const { rows } = checked.preview;
  const found = counts(rows.map(judge));
  const problems = rows.filter((row) => !isCreated(judge(row)));
  return (
    <Stack>
      <Text role="status">
        {VERDICTS.filter((each) => found[each] > 0)
          .map((each) => t(`import.count.${each}`, { count: found[each] }))
          .join(" · ")}
      </Text>
      {found.password + found.generate > 0 && (
        <Checkbox
          label={t("import.generate")}
          description={t("import.generateHint")}
          checked={draft.generate}
          onChange={(event) => draft.setGenerate(event.currentTarget.checked)}
        />
      )}
      {problems.length > 0 && (
        <Alert color="yellow" role="status" icon={<IconInfoCircle aria-hidden />}>
          {found.create > 0 ? t("import.someProblems") : found.password > 0 ? t("import.noneYet") : t("import.none")}
        </Alert>
      )}
      <RowTable
        rows={onlyProblems ? problems : rows}
        given={checked.rows}
        judge={judge}
        filter={
          <Checkbox
            label={t("import.onlyProblems")}
            checked={onlyProblems}
            onChange={(event) => onOnlyProblems(event.currentTarget.checked)}
          />
        }
      />
      {draft.start.error && <ErrorNotice error={draft.start.error} kept />}
      <Group>
        <Button variant="default" onClick={onBack}>
          {ui("back")}
        </Button>
        <Button disabled={found.create === 0} loading={draft.start.isPending} onClick={draft.start.mutate}>
          {t("import.start", { count: found.create })}
        </Button>
      </Group>
    </Stack>
  );
}
