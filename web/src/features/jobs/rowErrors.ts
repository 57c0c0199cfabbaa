/** The API names the column of a file before what is wrong with its cell, `quota: must be …`: put into words. */
import { useTranslation } from "@/text";

const COLUMNS = ["username", "email", "password", "quota", "limit", "recovery_email", "domain"] as const;
const COLUMN = new RegExp(`(^|; )(${COLUMNS.join("|")}): `, "g");

export function useRowErrors(): (message: string) => string {
  const { t } = useTranslation("jobs");
  return (message) =>
    message.replace(COLUMN, (_, before: string, name: (typeof COLUMNS)[number]) => `${before}${t(`cell.${name}`)}: `);
}
