/** Which columns a file may have. */
import { Text } from "@mantine/core";
import { useTranslation } from "@/text";
import classes from "./import.module.css";

const COLUMNS = ["username", "password", "quota", "limit", "recovery_email", "domain"] as const;

export function ColumnHelp() {
  const { t } = useTranslation("mailboxes");
  return (
    <details className={classes.columns}>
      <summary>{t("import.columns")}</summary>
      <Text size="sm" mt="xs">
        {t("import.columnsHint")}
      </Text>
      <dl>
        {COLUMNS.map((column) => (
          <div key={column}>
            <dt>{column}</dt>
            <dd>{t(`import.columnHints.${column}`)}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
