import type { AccessMatrix, AccessRow } from "../../policy/analysis/access-matrix.ts";
import type { Access } from "../../policy/analysis/client-access.ts";
import { clientTitle } from "../../policy/analysis/clients/client-title.ts";
import { mappedValueText } from "../../policy/analysis/mapped-values.ts";
import { formatColumns } from "../output.ts";
import type { Colours } from "../print/colours.ts";
import { type Markdown, markdownTable, markdownText } from "../print/markdown.ts";
import { withMessage } from "../print/request-text.ts";
import { matrixNote } from "./matrix-assumption.ts";

/** Formats the matrix for a terminal: one line per route, then what the gateway does not enforce. */
export function matrixText(
  matrix: AccessMatrix,
  { strong, doubtful }: Pick<Colours, "strong" | "doubtful">,
): readonly string[] {
  const [heading = "", ...lines] = formatColumns([
    headings(matrix),
    ...rowsOf(matrix, { yes: "yes", if: "if", no: "-", unenforced: "(-)" }),
  ]);
  const assumption = matrixNote(matrix);
  const note = assumption === undefined ? [] : ["", `${doubtful("Note:")} ${assumption}`];
  return [strong(heading), ...lines, ...note];
}

/** Formats the matrix as GitHub Flavored Markdown: a table, then what the gateway does not enforce. */
export function matrixMarkdown(matrix: AccessMatrix): readonly Markdown[] {
  const rows = rowsOf(matrix, { yes: "yes", if: "if", no: "", unenforced: "(-)" });
  const assumption = matrixNote(matrix);
  const note = assumption === undefined ? [] : [markdownText(assumption)];
  return [markdownTable(headings(matrix), rows, fixedHeadings(matrix).length), ...note];
}

/**
 * The rows of the matrix as CSV. The file has no room for a note, so the caller must print `matrixAssumption`
 * elsewhere.
 */
export function matrixCsv(matrix: AccessMatrix): readonly (readonly string[])[] {
  const marks = { yes: "yes", if: "if conditions are met", no: "no", unenforced: "no (not enforced)" };
  return [headings(matrix), ...rowsOf(matrix, marks)];
}

/** The columns before those of the clients. That of the hosts is there only if some route names one. */
function fixedHeadings(matrix: AccessMatrix): readonly string[] {
  return ["methods", ...(hasHosts(matrix) ? ["hosts"] : []), "path", "requirement", "upstream", "anyone"];
}

/** The headings of the columns of mapped values. Those of several issuers may differ in the issuer's name only. */
export function grantHeadings({ grants = [] }: AccessMatrix): readonly string[] {
  const hasSeveral = new Set(grants.map(({ issuer }) => issuer)).size > 1;
  return grants.map((it) => (hasSeveral ? `${it.issuer}: ${mappedValueText(it)}` : mappedValueText(it)));
}

/** The headings of the clients' columns: the key of each, and what people call it. */
export function clientHeadings({ clients, clientNames = {} }: AccessMatrix): readonly string[] {
  const names = { clientNames: new Map(Object.entries(clientNames)) };
  return clients.map((key) => `${key}${clientTitle(key, names)}`);
}

function headings(matrix: AccessMatrix): readonly string[] {
  return [...fixedHeadings(matrix), ...clientHeadings(matrix), ...grantHeadings(matrix)];
}

function hasHosts({ rows }: AccessMatrix): boolean {
  return rows.some(({ hosts }) => hosts !== undefined);
}

type Marks = Readonly<Record<Mark, string>>;

function rowsOf(matrix: AccessMatrix, marks: Marks): readonly (readonly string[])[] {
  const isWithHosts = hasHosts(matrix);
  return matrix.rows.map((row) => cells(row, marks, isWithHosts ? [row.hosts?.join(" ") ?? EVERY_HOST] : []));
}

/** For a route that names no host. */
const EVERY_HOST = "*";

function cells(row: AccessRow, marks: Marks, hosts: readonly string[]): readonly string[] {
  const { methods, path, mcp, requirement, upstream, isPublic } = row;
  const what = withMessage(path, mcp);
  const accesses = marksOf(row).map((mark) => marks[mark]);
  return [methods.join(" "), ...hosts, what, requirement, upstream, marks[isPublic ? "yes" : "no"], ...accesses];
}

/** What a cell says. `if`: the caller may call the route if the conditions of its requirement are met. */
export type Mark = Access | "if";

/** The marks of a row, for each client and then for each mapped value. */
export function marksOf({ allowed, unenforced, granted = [], conditional = [] }: AccessRow): readonly Mark[] {
  return [...allowed, ...granted].map((is, at) =>
    is ? (conditional[at] ? "if" : "yes") : unenforced[at] ? "unenforced" : "no",
  );
}
