import type { AccessMatrix, AccessRow } from "../../policy/analysis/access-matrix.ts";
import { type Colours, formatColumns } from "../output.ts";

/** For a terminal: one line for each route. */
export function matrixText(matrix: AccessMatrix, { strong }: Pick<Colours, "strong">): string {
  const [heading = "", ...lines] = formatColumns([
    headings(matrix),
    ...matrix.rows.map((row) => cells(row, "yes", "-")),
  ]);
  return [strong(heading), ...lines].join("\n");
}

/** For a pull request or a wiki (GitHub Flavored Markdown). */
export function matrixMarkdown(matrix: AccessMatrix): string {
  const line = (row: readonly string[]): string => `| ${row.map(escapeMarkdown).join(" | ")} |`;
  const titles = headings(matrix);
  const rule = titles.map((_title, column) => (column < FIXED.length ? "---" : ":-:"));
  return [line(titles), `| ${rule.join(" | ")} |`, ...matrix.rows.map((row) => line(cells(row, "yes", "")))].join("\n");
}

/** For a spreadsheet (RFC 4180). */
export function matrixCsv(matrix: AccessMatrix): string {
  const rows = [headings(matrix), ...matrix.rows.map((row) => cells(row, "yes", "no"))];
  return rows.map((row) => row.map(escapeCsv).join(",")).join("\r\n");
}

/** What every row has before its clients. */
const FIXED = ["methods", "path", "requirement", "upstream", "anyone"] as const;

function headings({ clients }: AccessMatrix): readonly string[] {
  return [...FIXED, ...clients];
}

function cells({ methods, path, requirement, upstream, isPublic, allowed }: AccessRow, yes: string, no: string) {
  const mark = (is: boolean): string => (is ? yes : no);
  return [methods.join(" "), path, requirement, upstream, mark(isPublic), ...allowed.map(mark)];
}

function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_|<>[\]]/g, "\\$&");
}

/** A leading `=`, `+`, `-` or `@` would be run as a formula by spreadsheets. */
function escapeCsv(text: string): string {
  const harmless = /^[=+\-@\t]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
