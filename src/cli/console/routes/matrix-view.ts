import type { AccessMatrix } from "../../../policy/analysis/access-matrix.ts";
import { matrixNote } from "../../matrix/matrix-assumption.ts";
import { counted } from "../../output.ts";
import { type Html, html, jsonInHtml } from "../../print/html.ts";
import { filterOfQuery, rowFinder } from "../matrix/filter-rows.ts";
import { MARK_LETTERS, MARKS } from "../matrix/marks.ts";
import type { MarkLetter, MatrixColumn, MatrixData } from "../matrix/matrix-data.ts";
import { proseOf } from "../parts/prose-of.ts";
import { legend, plainTable } from "./plain-table.ts";
import type { RowRequest } from "./row-requests.ts";
import { toMatrixData } from "./to-matrix-data.ts";

/** What the view shows. */
export interface MatrixSource {
  /** The name that the user gave the policy. */
  readonly policyName: string;
  readonly matrix: AccessMatrix;
  /** What the console knows; left out: the view is a file that has no addresses. */
  readonly console?: {
    /** Of `rowRequests`, for the addresses of reasons. */
    readonly requests: readonly (RowRequest | undefined)[];
    /** Of the page's address: the filter. */
    readonly query: URLSearchParams;
    /** Whether some value of a claim grants scopes, so that there may be columns for them. */
    readonly hasGrants: boolean;
  };
}

/**
 * The matrix with its filters and legend: the data for the script, and a plain table for browsers that run none. The
 * console and the file of `matrix --html` show the same.
 */
export function matrixView({ policyName, matrix, console: live }: MatrixSource): Html {
  const data = toMatrixData(matrix, live?.requests);
  const filter = filterOfQuery(live?.query ?? new URLSearchParams(), data);
  const shown = rowFinder(data)(filter);
  const note = matrixNote(matrix);
  return html`<h1>Who may call what</h1>
<p>${policyName}: ${countOf(matrix)}, ${counted(matrix.clients.length, "client")}. Each client is shown with all the scopes that it may be granted.</p>
${{ html: note === undefined ? [] : html`<p class="note"><b>${{ html: proseOf(note) }}</b></p>\n` }}${{ html: filters(data, live) }}
${{ html: legend(data) }}
<div id="matrix" class="matrix"></div>
<p id="cell" class="cell" hidden></p>
<noscript>
${{ html: plainTable(data, shown) }}
</noscript>
<script type="application/json" id="matrix-data">${{ html: jsonInHtml(data) }}</script>`;
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
