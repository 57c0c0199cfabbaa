/** What a job waits for, and until when. */
import { Alert, Text } from "@mantine/core";
import { useTranslation } from "@/text";
import { duration, relative } from "@/ui/format";
import { useNow } from "@/ui/useNow";
import { isOver, type Job } from "./queries";

export function Waiting({ job }: { job: Job }) {
  const { t } = useTranslation("jobs");
  const now = useNow();
  if (isOver(job)) return null;
  if (job.waiting_for) {
    return (
      <Alert color="yellow" role="status">
        {t("waitingFor", { trouble: job.waiting_for })}
      </Alert>
    );
  }
  if (!job.waiting_until) return null;
  // Its time may be over by this clock before the news of it has come.
  const over = Date.parse(job.waiting_until) <= now;
  const until = over ? t("goesOnNow") : t("waitingUntil", { when: relative(job.waiting_until, now) });
  const { upstream, kind, limit, seconds } = job.waiting_budget ?? {};
  const why = kind && t(`budget.${kind}`, { upstream, limit, span: duration(seconds ?? 0) });
  return <Text size="sm">{why ? `${why} ${until}` : until}</Text>;
}
