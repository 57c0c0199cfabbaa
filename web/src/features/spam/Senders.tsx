/** One of the two sender lists. */
import { Button, Stack, Text } from "@mantine/core";
import { IconMailCheck, IconMailOff, IconPlus, IconTrash } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useTranslation } from "@/text";
import { type Column, DataTable, EmptyState, Freshness, IconAction, QueryView, SidePanel } from "@/ui";
import { useWhileHere } from "@/ui/useWhileHere";
import { AddSender } from "./AddSender";
import { type SenderList, sendersQuery } from "./queries";
import { RemoveSender } from "./RemoveSender";

const route = getRouteApi("/spam-controls/$domain");

interface SendersProps {
  domain: string;
  list: SenderList;
}

export function Senders({ domain, list }: SendersProps) {
  const { t } = useTranslation("spam");
  const { panel, item } = route.useSearch();
  const navigate = route.useNavigate();
  const senders = useQuery(sendersQuery(domain, list));
  const mayChange = senders.data !== undefined && !senders.data.meta?.read_only;
  const open = (next?: typeof panel, about?: string) =>
    void navigate({ search: (before) => ({ ...before, panel: next, item: about }) });
  const close = useWhileHere(() => open());
  const columns: Column<{ entry: string }>[] = [{ id: "entry", header: t("entry"), value: (row) => row.entry }];
  const Icon = list === "whitelist" ? IconMailCheck : IconMailOff;
  const add = (
    <Button leftSection={<IconPlus size={18} aria-hidden />} onClick={() => open("add")}>
      {t(`add.${list}`)}
    </Button>
  );
  return (
    <>
      <QueryView query={senders}>
        {(entries, meta) => (
          <Stack gap="sm">
            {meta?.read_only ? <Text>{t("readOnly")}</Text> : entries.length > 0 && <div>{add}</div>}
            <DataTable
              label={t(`list.${list}`)}
              rows={entries.map((entry) => ({ entry }))}
              rowKey={(row) => row.entry}
              columns={columns}
              defaultSort="entry"
              actions={
                meta?.read_only
                  ? undefined
                  : ({ entry }) => (
                      <IconAction
                        danger
                        icon={IconTrash}
                        label={t("removeNamed", { entry })}
                        onClick={() => open("remove", entry)}
                      />
                    )
              }
              empty={
                <EmptyState
                  icon={<Icon size={36} aria-hidden />}
                  title={t(`empty.${list}`)}
                  hint={t(`emptyHint.${list}`)}
                  action={meta?.read_only ? undefined : add}
                />
              }
            />
            <Freshness at={meta?.fetched_at} onRefresh={() => void senders.refetch()} busy={senders.isFetching} />
          </Stack>
        )}
      </QueryView>
      <SidePanel title={t(`add.${list}`)} opened={panel === "add" && mayChange} onClose={close}>
        <AddSender domain={domain} list={list} onDone={close} />
      </SidePanel>
      {panel === "remove" && mayChange && item && senders.data?.data.includes(item) && (
        <RemoveSender domain={domain} list={list} entry={item} onClose={close} />
      )}
    </>
  );
}
