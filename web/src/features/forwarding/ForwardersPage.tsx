/** Forwarders and the catch-all of one domain. */
import { Button, Code, Group, Stack } from "@mantine/core";
import { IconArrowForwardUp, IconPlus, IconTrash } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { Guard } from "@/features/identity/api";
import { useTranslation } from "@/text";
import { type Column, DataTable, EmptyState, Freshness, IconAction, Page, QueryView, SidePanel } from "@/ui";
import { useWhileHere } from "@/ui/useWhileHere";
import { CatchAllCard } from "./CatchAllCard";
import { CatchAllForm } from "./CatchAllForm";
import { CreateForwarder } from "./CreateForwarder";
import { DeleteForwarder } from "./DeleteForwarder";
import { type Forwarder, forwardersQuery } from "./queries";

const route = getRouteApi("/forwarders/$domain");

export function ForwardersPage() {
  const { domain } = route.useParams();
  return (
    <Guard domain={domain} needs={["forwarders"]}>
      <Forwarders domain={domain} />
    </Guard>
  );
}

function Forwarders({ domain }: { domain: string }) {
  const { t } = useTranslation("forwarding");
  const { panel, item } = route.useSearch();
  const navigate = route.useNavigate();
  const forwarders = useQuery(forwardersQuery(domain));
  const open = (next?: typeof panel, about?: string) =>
    void navigate({ search: (before) => ({ ...before, panel: next, item: about }) });
  const close = useWhileHere(() => open());
  const columns = useColumns();
  const chosen = forwarders.data?.data.find((each) => each.alias === item);

  return (
    <Page
      title={t("titleOf", { domain })}
      lead={t("lead")}
      actions={
        <Button leftSection={<IconPlus size={18} aria-hidden />} onClick={() => open("create")}>
          {t("create")}
        </Button>
      }
    >
      <CatchAllCard domain={domain} onChange={() => open("catch-all")} />
      <QueryView query={forwarders}>
        {(rows, meta) => (
          <Stack gap="xs">
            <DataTable
              label={t("list")}
              rows={rows}
              rowKey={(row) => row.alias}
              columns={columns}
              defaultSort="alias"
              actions={(row) => (
                <IconAction
                  danger
                  icon={IconTrash}
                  label={t("deleteNamed", { email: row.email })}
                  onClick={() => open("delete", row.alias)}
                />
              )}
              empty={
                <EmptyState
                  icon={<IconArrowForwardUp size={36} aria-hidden />}
                  title={t("empty")}
                  hint={t("emptyHint", { domain })}
                  action={<Button onClick={() => open("create")}>{t("create")}</Button>}
                />
              }
            />
            <Freshness at={meta?.fetched_at} onRefresh={() => void forwarders.refetch()} busy={forwarders.isFetching} />
          </Stack>
        )}
      </QueryView>
      <SidePanel title={t("create")} opened={panel === "create"} onClose={close}>
        <CreateForwarder domain={domain} onDone={close} />
      </SidePanel>
      <SidePanel title={t("catchAll.changeTitle")} opened={panel === "catch-all"} onClose={close}>
        <CatchAllForm domain={domain} onDone={close} />
      </SidePanel>
      {panel === "delete" && chosen && <DeleteForwarder domain={domain} forwarder={chosen} onClose={close} />}
    </Page>
  );
}

function useColumns(): Column<Forwarder>[] {
  const { t } = useTranslation("forwarding");
  return [
    { id: "alias", header: t("alias"), value: (row) => row.email },
    {
      id: "destinations",
      header: t("destinations"),
      value: (row) => row.destinations.join(" "),
      cell: (row) => <Destinations of={row.destinations} />,
    },
  ];
}

function Destinations({ of }: { of: readonly string[] }) {
  const { t } = useTranslation("forwarding");
  return (
    <Group gap={6}>
      {of.map((each) => (
        <Code key={each}>{each === ":blackhole:" ? t("blackhole") : each === ":fail:" ? t("fail") : each}</Code>
      ))}
    </Group>
  );
}
