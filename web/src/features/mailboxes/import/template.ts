/** A file to begin with: every column, and two rows that show what may be left out. */
import { saveFile, toCsv } from "@/ui/files";

const COLUMNS = ["username", "password", "quota", "limit", "recovery_email", "domain"];

export function saveTemplate(domain: string): void {
  const rows = [
    ["alex", "", "", "", "", domain],
    ["kim.lee", "", "5120", "500", "kim@elsewhere.example", domain],
  ];
  saveFile("mailboxes.csv", "text/csv", toCsv(COLUMNS, rows));
}
