/** A list that the server pages, newest first: no order of its own, and a button for what is older. */
import { Box, Button, Center, Stack, Table } from "@mantine/core";
import type { UseInfiniteQueryResult } from "@tanstack/react-query";
import { type ReactNode, useDeferredValue } from "react";
import { useTranslation } from "@/text";
import type { Columns } from "./columns";
import { Line } from "./Line";
import classes from "./table.module.css";

interface GrowingTableProps<Row> {
  /** What the table lists, for screen readers. */
  label: string;
  rows: readonly Row[];
  columns: Columns<Row>;
  rowKey: (row: Row) => string;
  actions?: (row: Row) => ReactNode;
  empty: ReactNode;
  /** Where the next page comes from. */
  pages: Pick<UseInfiniteQueryResult, "hasNextPage" | "isFetchingNextPage" | "fetchNextPage">;
}

export function GrowingTable<Row>({ label, rows, columns, rowKey, actions, empty, pages }: GrowingTableProps<Row>) {
  const { t } = useTranslation("ui");
  // As in DataTable: what is typed or opened beside the rows is drawn before them.
  const lines = useDeferredValue(
    rows.map((row) => <Line key={rowKey(row)} row={row} columns={columns} actions={actions} />),
  );
  if (rows.length === 0) return <>{empty}</>;
  return (
    <Stack gap="sm">
      <Box className={classes.frame}>
        <Table className={classes.table} aria-label={label} verticalSpacing="xs" highlightOnHover>
          <Table.Thead>
            <Table.Tr>
              {columns.map((column) => (
                <Table.Th key={column.id} scope="col" data-align={column.align}>
                  {column.header}
                </Table.Th>
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
      {pages.hasNextPage && (
        <Center>
          <Button variant="default" loading={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
            {t("table.older")}
          </Button>
        </Center>
      )}
    </Stack>
  );
}
