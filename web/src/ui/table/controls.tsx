/** Around a table: its search, its pages. */
import { CloseButton, Group, NativeSelect, Pagination, Text, TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useTranslation } from "@/text";
import { PAGE_SIZES, type TableSearch } from "./address";
import type { Column } from "./columns";
import classes from "./table.module.css";

export function SearchBox({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const { t } = useTranslation("ui");
  return (
    <TextInput
      type="search"
      aria-label={t("table.search")}
      placeholder={t("table.search")}
      leftSection={<IconSearch size={18} aria-hidden />}
      rightSection={value && <CloseButton aria-label={t("table.clear")} onClick={() => onChange("")} />}
      value={value}
      maxLength={200}
      onChange={(event) => onChange(event.currentTarget.value)}
      style={{ flex: "1 1 12rem", maxWidth: "24rem" }}
    />
  );
}

interface SortBoxProps {
  columns: ReadonlyArray<Pick<Column<never>, "id" | "header" | "sortable">>;
  sort: string;
  onSort: (sort: string) => void;
}

/** In place of the headings where rows are cards. */
export function SortBox({ columns, sort, onSort }: SortBoxProps) {
  const { t } = useTranslation("ui");
  return (
    <NativeSelect
      className={classes.order}
      size="xs"
      label={t("table.sort")}
      value={sort}
      data={columns
        .filter((column) => column.sortable !== false)
        .flatMap(({ id, header }) => [
          { value: id, label: t("table.ascending", { column: header }) },
          { value: `-${id}`, label: t("table.descending", { column: header }) },
        ])}
      onChange={(event) => onSort(event.currentTarget.value)}
    />
  );
}

interface PagerProps {
  page: number;
  pages: number;
  size: number;
  total: number;
  onGo: (change: Partial<TableSearch>) => void;
}

export function Pager({ page, pages, size, total, onGo }: PagerProps) {
  const { t } = useTranslation("ui");
  if (total <= PAGE_SIZES[0]) return null;
  return (
    <Group justify="space-between" gap="sm">
      <Group gap="xs">
        <Text size="sm" id="rows-per-page">
          {t("table.size")}
        </Text>
        <NativeSelect
          size="xs"
          aria-labelledby="rows-per-page"
          data={PAGE_SIZES.map(String)}
          value={String(size)}
          onChange={(event) => onGo({ size: Number(event.currentTarget.value) as TableSearch["size"], page: 1 })}
        />
        <Text size="sm">{t("table.page", { page, pages })}</Text>
      </Group>
      {pages > 1 && <Pages page={page} pages={pages} label={t("table.pages")} onGo={(next) => onGo({ page: next })} />}
    </Group>
  );
}

interface PagesProps {
  page: number;
  pages: number;
  /** What is paged, for screen readers. */
  label: string;
  onGo: (page: number) => void;
}

/** The pages of a list, each button with a name. */
export function Pages({ page, pages, label, onGo }: PagesProps) {
  const { t } = useTranslation("ui");
  return (
    <Pagination
      size="sm"
      aria-label={label}
      total={pages}
      value={page}
      onChange={onGo}
      getControlProps={(control) => ({ "aria-label": control === "next" ? t("table.next") : t("table.previous") })}
      getItemProps={(item) => ({ "aria-label": t("table.page", { page: item, pages }) })}
    />
  );
}
