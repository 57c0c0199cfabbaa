/** A column's heading; a button where the column can be sorted by. */
import { Table, UnstyledButton } from "@mantine/core";
import { IconArrowDown, IconArrowsSort, IconArrowUp } from "@tabler/icons-react";
import type { Column } from "./columns";
import classes from "./table.module.css";

interface HeaderCellProps {
  column: Pick<Column<never>, "id" | "header" | "sortable" | "align" | "narrow">;
  sort: string;
  onSort: (sort: string) => void;
}

export function HeaderCell({ column, sort, onSort }: HeaderCellProps) {
  const ascending = sort === column.id;
  const descending = sort === `-${column.id}`;
  const order = ascending ? "ascending" : descending ? "descending" : "none";
  const Icon = ascending ? IconArrowUp : descending ? IconArrowDown : IconArrowsSort;
  if (column.sortable === false) {
    return (
      <Table.Th scope="col" data-align={column.align}>
        {column.header}
      </Table.Th>
    );
  }
  return (
    <Table.Th scope="col" aria-sort={order} data-align={column.align} data-narrow={column.narrow || undefined}>
      <UnstyledButton
        className={classes.sort}
        data-active={order !== "none" || undefined}
        onClick={() => onSort(ascending ? `-${column.id}` : column.id)}
      >
        {column.header}
        <Icon size={14} aria-hidden />
      </UnstyledButton>
    </Table.Th>
  );
}
