/** One row, cell by cell; the labels show where the table is drawn as cards. */
import { Table } from "@mantine/core";
import type { ReactNode } from "react";
import type { Columns } from "./columns";
import classes from "./table.module.css";

interface LineProps<Row> {
  row: Row;
  columns: Columns<Row>;
  actions?: (row: Row) => ReactNode;
}

export function Line<Row>({ row, columns, actions }: LineProps<Row>) {
  return (
    <Table.Tr>
      {columns.map((column) => (
        <Table.Td
          key={column.id}
          data-label={column.header}
          data-align={column.align}
          data-narrow={column.narrow || undefined}
        >
          {column.cell ? column.cell(row) : (column.value(row) ?? "–")}
        </Table.Td>
      ))}
      {actions && <Table.Td className={classes.actions}>{actions(row)}</Table.Td>}
    </Table.Tr>
  );
}
