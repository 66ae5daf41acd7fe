import type { AccessMatrix } from "../../../policy/analysis/access-matrix.ts";
import { matrixNote } from "../../matrix/matrix-assumption.ts";
import { counted } from "../../output.ts";
import { type Html, html, jsonInHtml } from "../../print/html.ts";
import { filterOfQuery, rowFinder } from "../matrix/filter-rows.ts";
import { MARK_LETTERS, MARKS } from "../matrix/marks.ts";
import type { MarkLetter, MatrixColumn, MatrixData } from "../matrix/matrix-data.ts";
import { proseOf } from "../parts/prose-of.ts";
import { legend, plainTable } from "./plain-table.ts";
import { type RowReasons, toMatrixData } from "./to-matrix-data.ts";

/** What the view shows of a policy with any filter. It takes a second for the largest ones, so it may be kept. */
export interface MatrixContent {
  /** How many routes and clients there are. */
  readonly counts: string;
  /** What the matrix assumes; `undefined`: nothing. */
  readonly note: string | undefined;
  readonly data: MatrixData;
  /** The data as the page's script reads it. */
  readonly json: Html;
  readonly find: ReturnType<typeof rowFinder>;
}

/**
 * Computes what the view shows of a matrix.
 *
 * @param reasons for the addresses of reasons; left out: the page has none
 */
export function matrixContent(matrix: AccessMatrix, reasons?: RowReasons): MatrixContent {
  const data = toMatrixData(matrix, reasons);
  return {
    counts: `${countOf(matrix)}, ${counted(matrix.clients.length, "client")}`,
    note: matrixNote(matrix),
    data,
    json: jsonInHtml(data),
    find: rowFinder(data),
  };
}

/** What the view shows, and how. */
export interface MatrixSource {
  /** The name that the user gave the policy. */
  readonly policyName: string;
  readonly content: MatrixContent;
  /** What the console knows; left out: the view is a file that has no addresses. */
  readonly console?: {
    /** The filter, from the page's address. */
    readonly query: URLSearchParams;
    /** Whether some value of a claim grants scopes, so that there may be columns for them. */
    readonly hasGrants: boolean;
    /** What stands above the matrix. */
    readonly notice: Html;
  };
}

/**
 * The matrix with its filters and legend: the data for the script, and a plain table for browsers that run none. The
 * console and the file of `matrix --html` show the same.
 */
export function matrixView({ policyName, content, console: live }: MatrixSource): Html {
  const { counts, note, data, json, find } = content;
  const shown = find(filterOfQuery(live?.query ?? new URLSearchParams(), data));
  return html`<h1>Who may call what</h1>
<p>${policyName}: ${counts}. Each client is shown with all the scopes that it may be granted.</p>
${{ html: note === undefined ? [] : html`<p class="note"><b>${{ html: proseOf(note) }}</b></p>\n` }}${{ html: live?.notice ?? [] }}${{ html: filters(data, live) }}
${{ html: legend(data) }}
<div id="matrix" class="matrix"></div>
<p id="cell" class="cell" hidden></p>
<noscript>
${{ html: plainTable(data, shown) }}
</noscript>
<script type="application/json" id="matrix-data">${{ html: json }}</script>`;
}

function countOf({ rows }: AccessMatrix): string {
  if (rows.some(({ mcp }) => mcp !== undefined)) return `${rows.length} routes and messages`;
  return counted(rows.length, "route");
}

/** The filters. In a file they need the script, which shows them. In the console they also work as a form. */
function filters({ columns, rows }: MatrixData, live: MatrixSource["console"]): Html {
  const { query = new URLSearchParams() } = live ?? {};
  const [caller, mark] = [query.get("caller"), query.get("mark")];
  const callers = columns.map(({ key, name, title = name }) => option(key, title, key === caller));
  const marks = MARK_LETTERS.map((letter) => option(letter, labelOf(letter), letter === mark));
  const action = live === undefined ? html`hidden` : html`action="/" method="get"`;
  const grants = query.has("grants") ? html` checked` : html``;
  const box = live?.hasGrants
    ? html`<label class="box"><input type="checkbox" name="grants" value="1"${{ html: grants }}> Values that grant scopes</label>\n`
    : html``;
  return html`<form id="matrix-filters" class="filters" role="search" ${{ html: action }}>
<label>Filter <input type="search" name="filter" value="${query.get("filter") ?? ""}" placeholder="path, method, scope, caller" autocomplete="off" spellcheck="false"></label>
<label>Only what may be called by <select name="caller"><option value="">anybody</option>${{ html: callers }}</select></label>
<label>With the mark <select name="mark"><option value="">any</option>${{ html: marks }}</select></label>
${{ html: box }}${{ html: live === undefined ? [] : html`<noscript><button>Show</button></noscript>\n` }}<output id="matrix-count">${counted(rows.length, "row")}</output>
</form>`;
}

function option(value: MatrixColumn["key"], text: string, isSelected: boolean): Html {
  return isSelected
    ? html`<option value="${value}" selected>${text}</option>`
    : html`<option value="${value}">${text}</option>`;
}

function labelOf(letter: MarkLetter): string {
  const { sign, word } = MARKS[letter];
  return `${sign}  ${word}`;
}
