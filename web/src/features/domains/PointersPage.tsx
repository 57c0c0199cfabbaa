/** Names whose mail goes to the domain. */
import { Button, Group, Stack, Text, Title } from "@mantine/core";
import { IconArrowsRight, IconPlus, IconTrash } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { may, useMe } from "@/features/identity/api";
import { useTranslation } from "@/text";
import { type Column, DataTable, EmptyState, Freshness, IconAction, QueryView, SidePanel } from "@/ui";
import { useWhileHere } from "@/ui/useWhileHere";
import { CreatePointer } from "./CreatePointer";
import { DeletePointer } from "./DeletePointer";
import { type Pointer, pointersQuery } from "./queries";

const route = getRouteApi("/domains/$domain/pointers");

export function PointersPage() {
  const { t } = useTranslation("domains");
  const { domain } = route.useParams();
  const { panel, item } = route.useSearch();
  const navigate = route.useNavigate();
  const me = useMe();
  const pointers = useQuery(pointersQuery(domain));
  const mayChange = may(me, domain, "forwarders");
  const open = (next?: typeof panel, about?: string) =>
    void navigate({ search: (before) => ({ ...before, panel: next, item: about }) });
  const close = useWhileHere(() => open());
  const columns = useColumns();
  const create = mayChange && (
    <Button leftSection={<IconPlus size={18} aria-hidden />} onClick={() => open("create")}>
      {t("pointer.create")}
    </Button>
  );
  const chosen = pointers.data?.data.find((each) => each.pointer === item);
  return (
    <Stack gap="md">
      <Group justify="space-between" align="flex-start">
        <Stack gap={2}>
          <Title order={2} size="h3">
            {t("pointer.title")}
          </Title>
          <Text c="dimmed" maw="70ch">
            {t("pointer.lead", { domain })}
          </Text>
        </Stack>
        {create}
      </Group>
      <QueryView query={pointers}>
        {(rows, meta) => (
          <Stack gap="xs">
            <DataTable
              label={t("pointer.title")}
              rows={rows}
              rowKey={(row) => row.pointer}
              columns={columns}
              defaultSort="pointer"
              actions={
                mayChange
                  ? ({ pointer }) => (
                      <IconAction
                        danger
                        icon={IconTrash}
                        label={t("pointer.deleteNamed", { pointer })}
                        onClick={() => open("delete", pointer)}
                      />
                    )
                  : undefined
              }
              empty={
                <EmptyState
                  icon={<IconArrowsRight size={36} aria-hidden />}
                  title={t("pointer.empty")}
                  hint={t("pointer.emptyHint", { domain })}
                />
              }
            />
            <Freshness at={meta?.fetched_at} onRefresh={() => void pointers.refetch()} busy={pointers.isFetching} />
          </Stack>
        )}
      </QueryView>
      <SidePanel title={t("pointer.create")} opened={panel === "create" && mayChange} onClose={close}>
        <CreatePointer domain={domain} onDone={close} />
      </SidePanel>
      {panel === "delete" && chosen && mayChange && <DeletePointer domain={domain} pointer={chosen} onClose={close} />}
    </Stack>
  );
}

function useColumns(): Column<Pointer>[] {
  const { t } = useTranslation("domains");
  return [
    { id: "pointer", header: t("pointer.name"), value: (row) => row.pointer },
    {
      id: "type",
      header: t("pointer.kind"),
      value: (row) => (row.type === "alias" || row.type === "redirect" ? t(`pointer.${row.type}`) : row.type),
    },
    { id: "target", header: t("pointer.target"), value: (row) => row.target },
  ];
}
