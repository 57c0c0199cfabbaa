/** All domains with how they stand: one table for the dashboard and the list of domains. */
import { Badge, Group, Stack, Text } from "@mantine/core";
import { IconMailOff, IconMail as IconMailOn } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { may, useMe } from "@/features/identity/api";
import { useTranslation } from "@/text";
import { Ago, type Column, DataTable, StatusBadge } from "@/ui";
import { AppLink } from "@/ui/AppLink";
import { bytes, number } from "@/ui/format";
import { FailingChecks } from "./FailingChecks";
import classes from "./fleet.module.css";
import type { FleetRow } from "./queries";
import { StateFilter } from "./StateFilter";
import { failing, matches, rank, standing } from "./standing";

export interface Storage {
  bytes: number;
  /** False: some mailbox's size is not known, so that it is at least so much. */
  complete: boolean;
}

interface FleetTableProps {
  rows: readonly FleetRow[];
  /** Which state is asked for; empty: all. */
  state: string;
  /** By domain; left out where the person may not see it. */
  storage?: ReadonlyMap<string, Storage>;
  empty: ReactNode;
}

export function FleetTable({ rows, state, storage, empty }: FleetTableProps) {
  const { t } = useTranslation("fleet");
  const columns = useColumns(rows, storage);
  const shown = rows.filter((row) => matches(row, state));
  if (rows.length === 0) return <>{empty}</>;
  return (
    <DataTable
      label={t("table")}
      rows={shown}
      rowKey={(row) => row.domain}
      columns={columns}
      defaultSort="domain"
      filters={<StateFilter state={state} rows={rows} />}
      empty={
        <Text py="xl" ta="center">
          {t("noneInState")}
        </Text>
      }
    />
  );
}

function useColumns(rows: readonly FleetRow[], storage?: ReadonlyMap<string, Storage>): Column<FleetRow>[] {
  const { t } = useTranslation("fleet");
  const { t: dns } = useTranslation("dns");
  const columns: Column<FleetRow>[] = [
    {
      id: "domain",
      header: t("domain"),
      value: (row) => row.domain,
      keywords: (row) => row.error ?? "",
      cell: (row) => <Name row={row} />,
    },
    {
      id: "hosting",
      header: t("hosting"),
      value: (row) => (row.mail_hosting === null ? null : row.mail_hosting ? t("on") : t("off")),
      cell: (row) => <Hosting on={row.mail_hosting} />,
      narrow: true,
    },
  ];
  if (rows.some((row) => row.dns)) {
    columns.push({
      id: "dns",
      header: t("dns"),
      value: rank,
      keywords: (row) => [standing(row) ?? "", ...failing(row).map((each) => dns(`key.${each.key}`))].join(" "),
      cell: (row) => <Dns row={row} />,
    });
  }
  if (rows.some((row) => row.mailbox_count !== null)) {
    columns.push({
      id: "mailboxes",
      header: t("mailboxes"),
      value: (row) => row.mailbox_count,
      cell: (row) => <Mailboxes row={row} />,
      align: "end",
      narrow: true,
    });
  }
  if (storage) {
    columns.push({
      id: "storage",
      header: t("storage"),
      value: (row) => storage.get(row.domain)?.bytes,
      cell: (row) => <Size of={storage.get(row.domain)} />,
      align: "end",
      narrow: true,
    });
  }
  columns.push({
    id: "checked",
    header: t("checked"),
    value: (row) => row.checked_at,
    cell: (row) => <Ago at={row.checked_at} fallback={t("never")} />,
    narrow: true,
  });
  return columns;
}

function Name({ row }: { row: FleetRow }) {
  const { t } = useTranslation("fleet");
  return (
    <Stack gap={0} className={classes.name}>
      <AppLink to="/domains/$domain" params={{ domain: row.domain }}>
        {row.domain}
      </AppLink>
      {row.error && (
        <Text size="xs" c="dimmed" fw={400}>
          {t("rowError", { error: row.error })}
        </Text>
      )}
    </Stack>
  );
}

function Hosting({ on }: { on: boolean | null }) {
  const { t } = useTranslation("fleet");
  if (on === null) return <>–</>;
  const Icon = on ? IconMailOn : IconMailOff;
  return (
    <Badge variant="light" color={on ? "green" : "gray"} leftSection={<Icon size={14} aria-hidden />}>
      {on ? t("on") : t("off")}
    </Badge>
  );
}

function Dns({ row }: { row: FleetRow }) {
  if (!row.dns) return <>–</>;
  return (
    <Group gap={6}>
      <StatusBadge status={row.dns.overall} />
      <FailingChecks row={row} />
    </Group>
  );
}

function Mailboxes({ row }: { row: FleetRow }) {
  const me = useMe();
  if (row.mailbox_count === null) return <>–</>;
  if (!may(me, row.domain, "emails", "dashboard")) return <>{number(row.mailbox_count)}</>;
  return (
    <AppLink to="/email-accounts/$domain" params={{ domain: row.domain }}>
      {number(row.mailbox_count)}
    </AppLink>
  );
}

function Size({ of }: { of: Storage | undefined }) {
  const { t } = useTranslation("fleet");
  if (!of) return <>–</>;
  return <>{of.complete ? bytes(of.bytes) : t("atLeast", { size: bytes(of.bytes) })}</>;
}
