/** Third step: the job, live. It goes on without this page. */
import { Button, Group, Stack, Text } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { ImportSummary, type Job, JobProgress } from "@/features/jobs/api";
import { useTranslation } from "@/text";
import { AppButton } from "@/ui/AppLink";
import { mailboxesChanged } from "../queries";

interface RunStepProps {
  job: string;
  /** Rows of the file that are no part of it. */
  leftOut: number;
  onAgain: () => void;
}

export function RunStep({ job, leftOut, onAgain }: RunStepProps) {
  const { t } = useTranslation("mailboxes");
  const queries = useQueryClient();
  const [ended, setEnded] = useState<Job | null>(null);
  return (
    <Stack>
      {!ended && <Text>{t("import.runningLead")}</Text>}
      <JobProgress
        id={job}
        linked={false} // below, by a better name
        onEnd={(last) => {
          setEnded(last);
          void mailboxesChanged(queries);
        }}
      />
      {ended && <ImportSummary job={ended} />}
      {leftOut > 0 && <Text>{t("import.leftOut", { count: leftOut })}</Text>}
      <Text>{t("import.resultsHint")}</Text>
      <Group>
        <AppButton to="/jobs/$job" params={{ job }} variant={ended ? "filled" : "default"}>
          {t("import.results")}
        </AppButton>
        {ended && (
          <Button variant="default" onClick={onAgain}>
            {t("import.again")}
          </Button>
        )}
      </Group>
    </Stack>
  );
}
