import type { AccessMatrix, AccessRow } from "../../policy/analysis/access-matrix.ts";
import { formatColumns } from "../output.ts";
import type { Colours } from "../print/colours.ts";
import { type Markdown, markdownTable, markdownText } from "../print/markdown.ts";
import { matrixAssumption } from "./matrix-assumption.ts";

/** Formats the matrix for a terminal: one line per route, then what the gateway does not enforce. */
export function matrixText(
  matrix: AccessMatrix,
  { strong, doubtful }: Pick<Colours, "strong" | "doubtful">,
): readonly string[] {
  const [heading = "", ...lines] = formatColumns([
    headings(matrix),
    ...matrix.rows.map((row) => cells(row, "yes", "-")),
  ]);
  const assumption = matrixAssumption(matrix);
  const note = assumption === undefined ? [] : ["", `${doubtful("Note:")} ${assumption}`];
  return [strong(heading), ...lines, ...note];
}

/** Formats the matrix as GitHub Flavored Markdown: a table, then what the gateway does not enforce. */
export function matrixMarkdown(matrix: AccessMatrix): readonly Markdown[] {
  const rows = matrix.rows.map((row) => cells(row, "yes", ""));
  const assumption = matrixAssumption(matrix);
  const note = assumption === undefined ? [] : [markdownText(assumption)];
  return [markdownTable(headings(matrix), rows, FIXED.length), ...note];
}

/** The rows of the matrix as CSV. The file has no room for a note, so the caller must print `matrixAssumption` elsewhere. */
export function matrixCsv(matrix: AccessMatrix): readonly (readonly string[])[] {
  return [headings(matrix), ...matrix.rows.map((row) => cells(row, "yes", "no"))];
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
