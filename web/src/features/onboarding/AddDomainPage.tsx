/** From nothing to working mail. The server does the work, so this page may be closed and opened again. */
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { cloudflareQuery } from "@/features/fleet/api";
import { useMe } from "@/features/identity/api";
import { useTranslation } from "@/text";
import { Forbidden, Page, QueryView } from "@/ui";
import { ChooseForm } from "./ChooseForm";
import { Phases } from "./Phases";
import { SetupProgress } from "./SetupProgress";
import { phasesOf } from "./setup";
import { Unfinished } from "./Unfinished";

const route = getRouteApi("/domains/new");

export function AddDomainPage() {
  const { t } = useTranslation("domains");
  const me = useMe();
  const { job = "", domain = "" } = route.useSearch();
  if (!me.is_admin) {
    return (
      <Page title={t("wizard.title")}>
        <Forbidden admin />
      </Page>
    );
  }
  return (
    <Page title={domain && job ? t("wizard.titleOf", { domain }) : t("wizard.title")} lead={t("wizard.lead")}>
      {job ? <SetupProgress key={job} id={job} domain={domain} /> : <Choosing domain={domain} />}
    </Page>
  );
}

function Choosing({ domain }: { domain: string }) {
  const cloudflare = useQuery(cloudflareQuery);
  return (
    <>
      <Phases of={phasesOf(undefined)} />
      <Unfinished />
      <QueryView query={cloudflare}>
        {({ configured }) => <ChooseForm key={domain} domain={domain} cloudflare={configured} />}
      </QueryView>
    </>
  );
}
