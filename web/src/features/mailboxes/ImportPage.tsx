/** Many mailboxes from a CSV file, in three steps. Which step it is is in the address; the file is not. */
import { Stack, Stepper } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useRef } from "react";
import { domainsQuery } from "@/features/domains/api";
import { may, mayAnywhere, useMe } from "@/features/identity/api";
import { useTranslation } from "@/text";
import { Forbidden, Page } from "@/ui";
import { AppButton } from "@/ui/AppLink";
import { CheckStep } from "./import/CheckStep";
import { ChooseStep } from "./import/ChooseStep";
import { RunStep } from "./import/RunStep";
import { StepHeading } from "./import/StepHeading";
import { NOTHING } from "./import/source";
import { useDraft } from "./import/useDraft";

const route = getRouteApi("/email-accounts/import");
const STEPS = ["choose", "check", "run"] as const;

export function ImportPage() {
  const { t } = useTranslation("mailboxes");
  const me = useMe();
  const { domain = "" } = route.useSearch();
  return (
    <Page
      title={t("import.title")}
      lead={t("import.lead")}
      actions={
        domain &&
        may(me, domain, "emails", "dashboard") && (
          <AppButton to="/email-accounts/$domain" params={{ domain }} variant="default">
            {t("titleOf", { domain })}
          </AppButton>
        )
      }
    >
      {mayAnywhere(me, "emails") ? <Import /> : <Forbidden />}
    </Page>
  );
}

function Import() {
  const { t } = useTranslation("mailboxes");
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { domain, domains } = useDomains(search.domain ?? "");
  const draft = useDraft({
    domain,
    onDomain: (next) => void navigate({ search: { domain: next || undefined }, replace: true, resetScroll: false }),
    onChecked: () => void navigate({ search: { domain: domain || undefined, step: "check" } }),
    onStarted: (job) => void navigate({ search: { domain: domain || undefined, job } }),
  });
  const wanted = search.job ? "run" : (search.step ?? "choose");
  const step = wanted === "check" && !draft.checked ? "choose" : wanted;
  const began = useRef(step);
  const focused = began.current !== step;
  const choose = () => void navigate({ search: { domain: domain || undefined } });

  return (
    <Stack>
      <Stepper
        active={STEPS.indexOf(step)}
        size="sm"
        allowNextStepsSelect={false}
        onStepClick={(index) => index === 0 && choose()}
        aria-label={t("import.steps")}
      >
        {STEPS.map((each) => (
          <Stepper.Step
            key={each}
            label={t(`import.${each}`)}
            description={t(`import.${each}Hint`)}
            allowStepSelect={each === "choose" && step === "check"}
          />
        ))}
      </Stepper>
      <div>
        <StepHeading key={step} focused={focused}>
          {t(`import.heading.${step}`)}
        </StepHeading>
        {step === "choose" && (
          <ChooseStep draft={draft} domains={domains} lost={wanted === "check" && draft.source === NOTHING} />
        )}
        {step === "check" && draft.checked && (
          <CheckStep
            draft={draft}
            checked={draft.checked}
            onlyProblems={search.problems ?? false}
            onOnlyProblems={(only) =>
              void navigate({
                search: (before) => ({ ...before, problems: only || undefined, page: undefined }),
                resetScroll: false,
              })
            }
            onBack={choose}
          />
        )}
        {step === "run" && search.job && (
          <RunStep
            key={search.job}
            job={search.job}
            leftOut={draft.leftOut(search.job)}
            onAgain={() => {
              draft.setSource(NOTHING);
              choose();
            }}
          />
        )}
      </div>
    </Stack>
  );
}

/** Where the person may make mailboxes, and the one in the address if it is among them. */
function useDomains(wanted: string): { domain: string; domains: string[] } {
  const me = useMe();
  const known = useQuery(domainsQuery).data?.data;
  const domains = (known ?? []).filter((each) => may(me, each, "emails"));
  const possible = known ? domains.includes(wanted) : may(me, wanted, "emails");
  return { domain: possible ? wanted : "", domains: known || !possible ? domains : [wanted] };
}
