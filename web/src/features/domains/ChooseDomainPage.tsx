/** A section of one domain was opened without one: which shall it be? */
import { useQuery } from "@tanstack/react-query";
import type { Permission } from "@/api/client";
import { may, useMe } from "@/features/identity/api";
import { useTranslation } from "@/text";
import { DataTable, Page, QueryView } from "@/ui";
import { AppLink } from "@/ui/AppLink";
import { NoDomain } from "./NoDomain";
import { domainsQuery } from "./queries";

type Section = "/email-accounts" | "/forwarders" | "/spam-controls";
type Name = "emailAccounts" | "forwarders" | "spamControls";

export const ChooseForEmailAccounts = () => (
  <ChooseDomain section="/email-accounts" name="emailAccounts" needs={["emails", "dashboard"]} />
);
export const ChooseForForwarders = () => (
  <ChooseDomain section="/forwarders" name="forwarders" needs={["forwarders"]} />
);
export const ChooseForSpamControls = () => (
  <ChooseDomain section="/spam-controls" name="spamControls" needs={["spam"]} />
);

function ChooseDomain({ section, name, needs }: { section: Section; name: Name; needs: Permission[] }) {
  const { t } = useTranslation("app");
  const me = useMe();
  const domains = useQuery(domainsQuery);
  const what = t(`nav.${name}`);
  return (
    <Page title={what} lead={t("domain.chooseHint", { what })}>
      <QueryView query={domains}>
        {(all) => {
          const rows = all.filter((domain) => may(me, domain, ...needs)).map((domain) => ({ domain }));
          return (
            <DataTable
              label={t("domain.choose")}
              rows={rows}
              rowKey={(row) => row.domain}
              defaultSort="domain"
              columns={[
                {
                  id: "domain",
                  header: t("domain.switch"),
                  value: (row) => row.domain,
                  cell: (row) => (
                    <AppLink to={`${section}/$domain`} params={{ domain: row.domain }}>
                      {row.domain}
                    </AppLink>
                  ),
                },
              ]}
              empty={<NoDomain />}
            />
          );
        }}
      </QueryView>
    </Page>
  );
}
