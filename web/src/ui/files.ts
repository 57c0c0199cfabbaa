/** Files that the browser saves, made on the page. */
import Papa from "papaparse";

/** A cell that a spreadsheet would run as a formula is defused with a leading apostrophe, as the server does. */
export function toCsv(header: readonly string[], rows: ReadonlyArray<readonly string[]>): string {
  return `${Papa.unparse([[...header], ...rows.map((row) => [...row])], { escapeFormulae: /^[=+\-@\t\r\n']/ })}\r\n`;
}

export function saveFile(name: string, type: string, content: string): void {
  const address = URL.createObjectURL(new Blob([content], { type: `${type};charset=utf-8` }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  // The browser reads it after this turn.
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
