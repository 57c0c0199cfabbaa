/**
 * A list that searches, sorts and pages, and becomes a list of cards where the screen is narrow. Its state is in the
 * address (`useTableAddress`), so one view holds one such table.
 */
import { Box, Button, Group, Stack, Table, Text } from "@mantine/core";
import { type ReactNode, useDeferredValue, useMemo } from "react";
import { useTranslation } from "@/text";
import { useTableAddress } from "./address";
import { type Columns, order, search } from "./columns";
import { Pager, SearchBox, SortBox } from "./controls";
import { HeaderCell } from "./HeaderCell";
import { Line } from "./Line";
import classes from "./table.module.css";
import { useTyped } from "./useTyped";

interface DataTableProps<Row> {
  /** What the table lists, for screen readers. */
  label: string;
  rows: readonly Row[];
  columns: Columns<Row>;
  rowKey: (row: Row) => string;
  /** A column's id, `-` before it for descending. */
  defaultSort?: string;
  /** Buttons or a menu at the end of a row. */
  actions?: (row: Row) => ReactNode;
  /** Filters beside the search. */
  filters?: ReactNode;
  /** What stands there when there is no row at all. */
  empty: ReactNode;
}

export function DataTable<Row>(props: DataTableProps<Row>) {
  const { t } = useTranslation("ui");
  const { place, go } = useTableAddress(props.defaultSort);
  const { rows, columns, rowKey, actions } = props;
  const { typed, type } = useTyped(place.q, (q) => go({ q, page: 1 }));
  const query = useDeferredValue(typed);
  const found = useMemo(() => search(rows, columns, query), [rows, columns, query]);
  const ordered = useMemo(() => order(found, columns, place.sort), [found, columns, place.sort]);
  const pages = Math.max(1, Math.ceil(found.length / place.size));
  const page = query === place.q ? Math.min(place.page, pages) : 1;
  const shown = ordered.slice((page - 1) * place.size, page * place.size);
  // Rows are what takes time: what is typed, or opened beside them, is drawn before them, and they once after it.
  const lines = useDeferredValue(
    shown.map((row) => <Line key={rowKey(row)} row={row} columns={columns} actions={actions} />),
  );

  if (rows.length === 0 && !props.filters) return <>{props.empty}</>;
  return (
    <Stack gap="sm">
      <Group gap="sm" align="flex-end">
        <SearchBox value={typed} onChange={type} />
        {props.filters}
        <Text size="sm" c="dimmed" role="status" ml="auto">
          {found.length === rows.length
            ? t("table.rows", { count: rows.length })
            : t("table.filtered", { shown: found.length, total: rows.length })}
        </Text>
      </Group>
      {found.length === 0 ? (
        rows.length === 0 ? (
          props.empty
        ) : (
          <NoMatch query={query} onClear={() => type("")} />
        )
      ) : (
        <Box className={classes.frame}>
          <SortBox columns={columns} sort={place.sort} onSort={(sort) => go({ sort, page: 1 })} />
          <Table className={classes.table} aria-label={props.label} verticalSpacing="xs" highlightOnHover>
            <Table.Thead>
              <Table.Tr>
                {columns.map((column) => (
                  <HeaderCell
                    key={column.id}
                    column={column}
                    sort={place.sort}
                    onSort={(sort) => go({ sort, page: 1 })}
                  />
                ))}
                {actions && (
                  <Table.Th className={classes.actions}>
                    <span className={classes.unseen}>{t("table.actions")}</span>
                  </Table.Th>
                )}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>{lines}</Table.Tbody>
          </Table>
        </Box>
      )}
      <Pager page={page} pages={pages} size={place.size} total={found.length} onGo={go} />
    </Stack>
  );
}

function NoMatch({ query, onClear }: { query: string; onClear: () => void }) {
  const { t } = useTranslation("ui");
  return (
    <Stack align="center" py="xl" gap="sm">
      <Text>{t("table.noMatch", { query })}</Text>
      {query && (
        <Button variant="default" onClick={onClear}>
          {t("table.clearSearch")}
        </Button>
      )}
    </Stack>
  );
}
