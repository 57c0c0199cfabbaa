/** All records that MXroute expects of a domain, to be copied. */
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "@/text";
import { QueryView, SkeletonLines } from "@/ui";
import { allRecords } from "./manual";
import { expectedQuery } from "./queries";
import { RecordList } from "./RecordList";

export function ExpectedRecords({ domain }: { domain: string }) {
  const { t } = useTranslation("dns");
  const expected = useQuery(expectedQuery(domain));
  return (
    <QueryView query={expected} loading={<SkeletonLines count={4} height={64} />}>
      {(data) => <RecordList label={t("manual.all")} records={allRecords(data)} />}
    </QueryView>
  );
}
