/** How many rows of an import ended how. */
import { Text } from "@mantine/core";
import { useTranslation } from "@/text";
import type { Job } from "./queries";
import { importSummary, ROW_STATES } from "./results";

export function ImportSummary({ job }: { job: Pick<Job, "results"> }) {
  const { t } = useTranslation("jobs");
  const counted = importSummary(job.results);
  const parts = ROW_STATES.filter((state) => counted[state]).map((state) =>
    t(`summary.${state}`, { count: counted[state] ?? 0 }),
  );
  return (
    <Text size="sm" role="status">
      {parts.join(" · ")}
    </Text>
  );
}
