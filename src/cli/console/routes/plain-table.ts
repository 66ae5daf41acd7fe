import { type Html, html } from "../../print/html.ts";
import { isMarkLetter, MARK_LETTERS, MARKS } from "../matrix/marks.ts";
import type { MarkLetter, MatrixColumn, MatrixData, MatrixRow } from "../matrix/matrix-data.ts";

/** Most rows and cells of the table for browsers without script. */
const MAX_PLAIN_ROWS = 300;
const MAX_PLAIN_CELLS = 30_000;

/**
 * A table of some rows for browsers that run no script, with a sentence on what it leaves out.
 *
 * @param shown indexes of the rows that the filter leaves
 */
export function plainTable(data: MatrixData, shown: readonly number[]): Html {
  const { columns, rows } = data;
  const most = Math.min(MAX_PLAIN_ROWS, Math.max(1, Math.floor(MAX_PLAIN_CELLS / columns.length)));
  const listed = shown.slice(0, most);
  const rest = shown.length - listed.length;
  const more =
    rest === 0
      ? html``
      : html`<p><b>This table has the first ${listed.length} of ${shown.length} rows. Allow this page's script to see all of them.</b></p>\n`;
  const cells = columns.map(cellsOf);
  const body = listed.map((index) => rowHtml(data, rows[index], cells));
  const heads = columns.map(
    ({ name, title = name }) => html`<th scope="col" class="who" title="${title}"><span>${name}</span></th>`,
  );
  return html`${{ html: more }}<div class="scroll" tabindex="0" role="region" aria-label="Who may call what"><table class="plain">
<thead><tr><th scope="col">Route</th><th scope="col">Requirement</th><th scope="col">Upstream</th>${{ html: heads }}</tr></thead>
<tbody>
${{ html: body }}</tbody>
</table></div>`;
}

function rowHtml({ accesses, upstreams }: MatrixData, row: MatrixRow | undefined, cells: readonly Cells[]): Html {
  if (row === undefined) return html``;
  const { methods, path, hosts, access, upstream, query } = row;
  const { requirement = "", marks = "" } = accesses[access] ?? {};
  const where = hosts === undefined ? html`` : html` on ${hosts}`;
  const callers = cells.map((of, at) => of(marks[at], query));
  return html`<tr><th scope="row"><b>${methods}</b> <code>${path}</code>${{ html: where }}</th><td>${requirement}</td><td>${upstreams[upstream] ?? ""}</td>${{ html: callers }}</tr>
`;
}

/** Makes the cell of one caller in a row. */
type Cells = (letter: string | undefined, request: string | undefined) => Html;

function cellsOf({ name, query }: MatrixColumn): Cells {
  return (letter, request) => {
    const mark = MARKS[isMarkLetter(letter) ? letter : "n"];
    const address = reasonAddress(request, query);
    const sign =
      address === undefined
        ? html`<span aria-label="${mark.word}">${mark.sign}</span>`
        : html`<a href="${address}" aria-label="${name}: ${mark.word}">${mark.sign}</a>`;
    return html`<td class="${mark.name}">${{ html: sign }}</td>`;
  };
}

/** The address of the reason of a cell; `undefined`: there is none. */
export function reasonAddress(request: string | undefined, caller: string | undefined): string | undefined {
  if (request === undefined) return undefined;
  return `/why?${request}${caller === undefined ? "" : `&${caller}`}`;
}

/** The marks that some cell has, with their meanings. */
export function legend({ accesses }: Pick<MatrixData, "accesses">): Html {
  const used = new Set(accesses.flatMap(({ marks }) => [...marks]));
  const entry = (letter: MarkLetter): Html => {
    const { name, sign, meaning } = MARKS[letter];
    return html`<li><span class="sign ${name}" aria-hidden="true">${sign}</span> ${meaning}</li>`;
  };
  return html`<ul class="legend" aria-label="Marks">${{ html: MARK_LETTERS.filter((it) => used.has(it)).map(entry) }}</ul>`;
}
