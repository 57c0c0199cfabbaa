/** First step: a file, a domain for rows that name none, and whether passwords are made. */
import { Alert, Button, Checkbox, Group, NativeSelect, Stack, Text } from "@mantine/core";
import { IconInfoCircle } from "@tabler/icons-react";
import { useTranslation } from "@/text";
import { ErrorNotice } from "@/ui";
import { ColumnHelp } from "./ColumnHelp";
import { Running } from "./Running";
import { SourceInput } from "./SourceInput";
import { Understood } from "./Understood";
import type { Draft } from "./useDraft";

interface ChooseStepProps {
  draft: Draft;
  /** Those with the right to manage mailboxes. */
  domains: readonly string[];
  /** The address says that rows were checked, and there are none here. */
  lost: boolean;
}

export function ChooseStep({ draft, domains, lost }: ChooseStepProps) {
  const { t } = useTranslation("mailboxes");
  const { source, parsed, domain, generate } = draft;
  const ready = parsed !== undefined && parsed.problems.length === 0;
  return (
    <Stack>
      <Running />
      {lost && (
        <Alert color="yellow" role="status" icon={<IconInfoCircle aria-hidden />} title={t("import.lost")}>
          {t("import.lostHint")}
        </Alert>
      )}
      <SourceInput source={source} domain={domain} onChange={draft.setSource} />
      {parsed && <Understood parsed={parsed} />}
      {draft.parseError && <ErrorNotice error={draft.parseError} />}
      <ColumnHelp />
      <NativeSelect
        label={t("import.domain")}
        description={t("import.domainHint")}
        value={domain}
        data={[{ value: "", label: t("import.domainNone") }, ...domains]}
        onChange={(event) => draft.setDomain(event.currentTarget.value)}
        maw="28rem"
      />
      <Checkbox
        label={t("import.generate")}
        description={t("import.generateHint")}
        checked={generate}
        onChange={(event) => draft.setGenerate(event.currentTarget.checked)}
      />
      {draft.check.error && <ErrorNotice error={draft.check.error} kept />}
      <Group>
        <Button disabled={!ready} loading={draft.check.isPending} onClick={() => draft.check.mutate()}>
          {t("import.action")}
        </Button>
        <Text size="sm" c="dimmed">
          {t("import.reload")}
        </Text>
      </Group>
    </Stack>
  );
}
