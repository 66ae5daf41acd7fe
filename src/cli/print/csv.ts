import { escapeControlCharacters } from "../../policy/control-characters.ts";

/** Prints rows as CSV (RFC 4180), for a spreadsheet. */
export function printCsv(rows: readonly (readonly string[])[]): void {
  process.stdout.write(rows.map((row) => `${row.map(escapeCell).join(",")}\r\n`).join(""));
}

/** Spreadsheets run a cell that begins with `=`, `+`, `-` or `@` as a formula. A name in the policy may begin so. */
function escapeCell(text: string): string {
  const visible = escapeControlCharacters(text);
  const harmless = /^\s*[=+\-@]/.test(visible) ? `'${visible}` : visible;
  return /[",]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
