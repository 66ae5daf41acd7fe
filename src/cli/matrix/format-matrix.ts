import type { AccessMatrix, AccessRow } from "../../policy/analysis/access-matrix.ts";
import { type Colours, formatColumns } from "../output.ts";
import { matrixAssumption } from "./matrix-assumption.ts";

/** Formats the matrix for a terminal: one line per route, then what the gateway does not enforce. */
export function matrixText(matrix: AccessMatrix, { strong, doubtful }: Pick<Colours, "strong" | "doubtful">): string {
  const [heading = "", ...lines] = formatColumns([
    headings(matrix),
    ...matrix.rows.map((row) => cells(row, "yes", "-")),
  ]);
  const assumption = matrixAssumption(matrix);
  const note = assumption === undefined ? [] : ["", `${doubtful("Note:")} ${assumption}`];
  return [strong(heading), ...lines, ...note].join("\n");
}

/** Formats the matrix as GitHub Flavored Markdown: a table, then what the gateway does not enforce. */
export function matrixMarkdown(matrix: AccessMatrix): string {
  const line = (row: readonly string[]): string => `| ${row.map(escapeMarkdown).join(" | ")} |`;
  const titles = headings(matrix);
  const rule = titles.map((_title, column) => (column < FIXED.length ? "---" : ":-:"));
  const rows = matrix.rows.map((row) => line(cells(row, "yes", "")));
  const assumption = matrixAssumption(matrix);
  const note = assumption === undefined ? [] : ["", escapeMarkdown(assumption)];
  return [line(titles), `| ${rule.join(" | ")} |`, ...rows, ...note].join("\n");
}

/**
 * Formats the matrix as CSV (RFC 4180), for a spreadsheet. The file has no room for a note, so the caller must print
 * `matrixAssumption` elsewhere.
 */
export function matrixCsv(matrix: AccessMatrix): string {
  const rows = [headings(matrix), ...matrix.rows.map((row) => cells(row, "yes", "no"))];
  return rows.map((row) => row.map(escapeCsv).join(",")).join("\r\n");
}

/** The columns before those of the clients. */
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

/** Spreadsheets run a cell that begins with `=`, `+`, `-` or `@` as a formula. A name in the policy may begin so. */
function escapeCsv(text: string): string {
  const harmless = /^[=+\-@\t]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
