/** The mailboxes of one domain. */
import { Checkbox, Group, Stack, Text } from "@mantine/core";
import { IconMail } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { Guard, may, useMe } from "@/features/identity/api";
import { useTranslation } from "@/text";
import { DataTable, EmptyState, Freshness, Page, QueryView } from "@/ui";
import { Actions } from "./Actions";
import { useColumns } from "./columns";
import { isTight } from "./figures";
import { PageActions } from "./PageActions";
import { Panels } from "./Panels";
import { type Mailbox, mailboxesQuery } from "./queries";
import { TotalsLine } from "./TotalsLine";

const route = getRouteApi("/email-accounts/$domain");

export function MailboxesPage() {
  const { domain } = route.useParams();
  return (
    <Guard domain={domain} needs={["emails", "dashboard"]}>
      <Mailboxes domain={domain} />
    </Guard>
  );
}

function Mailboxes({ domain }: { domain: string }) {
  const { t } = useTranslation("mailboxes");
  const manages = may(useMe(), domain, "emails");
  const { panel, item, tight = false } = route.useSearch();
  const navigate = route.useNavigate();
  const mailboxes = useQuery(mailboxesQuery(domain));
  const open = (next?: typeof panel, about?: string) =>
    void navigate({ search: (before) => ({ ...before, panel: next, item: about }), resetScroll: false });

  return (
    <Page
      title={t("titleOf", { domain })}
      lead={t("lead")}
      actions={manages && <PageActions domain={domain} onCreate={() => open("create")} />}
    >
      <QueryView query={mailboxes}>
        {(rows, meta) => (
          <Stack gap="sm">
            <List domain={domain} rows={rows} manages={manages} tight={tight} onOpen={open} />
            <Group justify="space-between" align="flex-start">
              {rows.length > 0 && <TotalsLine mailboxes={rows} />}
              <Freshness at={meta?.fetched_at} onRefresh={() => void mailboxes.refetch()} busy={mailboxes.isFetching} />
            </Group>
          </Stack>
        )}
      </QueryView>
      <Panels
        key={domain}
        domain={domain}
        manages={manages}
        mailboxes={mailboxes}
        panel={panel}
        item={item ?? ""}
        onOpen={open}
      />
    </Page>
  );
}

interface ListProps {
  domain: string;
  rows: readonly Mailbox[];
  manages: boolean;
  /** Only those that are nearly full? */
  tight: boolean;
  onOpen: (panel: "edit" | "setup" | "delete", username: string) => void;
}

function List({ domain, rows, manages, tight, onOpen }: ListProps) {
  const { t } = useTranslation("mailboxes");
  const columns = useColumns(domain, manages);
  return (
    <DataTable
      label={t("list")}
      rows={tight ? rows.filter(isTight) : rows}
      rowKey={(row) => row.username}
      columns={columns}
      defaultSort="address"
      actions={(row) => <Actions email={row.email} manages={manages} onOpen={(panel) => onOpen(panel, row.username)} />}
      filters={(tight || rows.some(isTight)) && <TightFilter tight={tight} />}
      empty={
        tight && rows.length > 0 ? (
          <Text py="xl" ta="center">
            {t("noTight")}
          </Text>
        ) : (
          <EmptyState
            icon={<IconMail size={36} aria-hidden />}
            title={t("empty")}
            hint={manages ? t("emptyHint") : t("emptyForYou")}
          />
        )
      }
    />
  );
}

function TightFilter({ tight }: { tight: boolean }) {
  const { t } = useTranslation("mailboxes");
  const navigate = route.useNavigate();
  return (
    <Checkbox
      label={t("onlyTight")}
      checked={tight}
      onChange={(event) => {
        const only = event.currentTarget.checked || undefined;
        void navigate({ search: (before) => ({ ...before, tight: only, page: undefined }), resetScroll: false });
      }}
    />
  );
}
