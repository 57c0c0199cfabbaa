/** What one should know about a policy before it is saved. */
import { Alert, Code, Stack, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { type Translate, useTranslation } from "@/text";
import { Foreign } from "@/ui/Foreign";
import { foreignReportDomains, isWeaker, type Problem, problemsOf, unknownTags } from "./dmarc";

interface DmarcWarningsProps {
  wanted: string;
  published: string | undefined;
  own: boolean;
  domain: string;
}

export function DmarcWarnings({ wanted, published, own, domain }: DmarcWarningsProps) {
  const { t } = useTranslation("dns");
  const problems = own ? problemsOf(wanted) : [];
  const unknown = own ? unknownTags(wanted) : [];
  const foreign = own ? foreignReportDomains(wanted, domain) : [];
  const weaker = problems.length === 0 && published !== undefined && isWeaker(wanted, published);
  return (
    <Stack gap="sm" role="status">
      {problems.length > 0 && (
        <Alert color="red" icon={<IconAlertTriangle aria-hidden />} title={t("dmarc.problems")}>
          <ul style={{ margin: 0 }}>
            {problems.map((problem) => {
              const said = tell(problem, t);
              return (
                <li key={said}>
                  <Foreign text={said} />
                </li>
              );
            })}
          </ul>
        </Alert>
      )}
      {weaker && (
        <Alert color="yellow" icon={<IconAlertTriangle aria-hidden />} title={t("dmarc.weaker")}>
          <Text size="sm">
            {t("dmarc.weakerThan")}{" "}
            <Code style={{ overflowWrap: "anywhere" }}>
              <Foreign text={published} />
            </Code>
          </Text>
          <Text size="sm">{own ? t("dmarc.weakerOwn") : t("dmarc.weakerDefault")}</Text>
        </Alert>
      )}
      {unknown.length > 0 && (
        <Text size="sm">
          <Foreign text={t("dmarc.unknownTags", { tags: unknown.join(", ") })} />
        </Text>
      )}
      {foreign.map((host) => (
        <Text key={host} size="sm">
          <Foreign text={t("dmarc.foreign", { host })} />{" "}
          <Code style={{ overflowWrap: "anywhere" }}>
            <Foreign text={`${domain}._report._dmarc.${host} TXT v=DMARC1`} />
          </Code>
        </Text>
      ))}
    </Stack>
  );
}

function tell(problem: Problem, t: Translate<"dns">): string {
  switch (problem.is) {
    case "form":
      return t("dmarc.problem.form", { what: problem.what });
    case "twice":
      return t("dmarc.problem.twice", { what: problem.what });
    case "value":
      return t("dmarc.problem.value", { what: problem.what, value: problem.value });
    case "address":
      return t("dmarc.problem.address", { what: problem.what });
    default:
      return t(`dmarc.problem.${problem.is}`);
  }
}
