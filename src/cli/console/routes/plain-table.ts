import { type Html, html } from "../../print/html.ts";
import { MARK_LETTERS, MARKS, markOf } from "../matrix/marks.ts";
import type { MarkLetter, MatrixData, MatrixRow } from "../matrix/matrix-data.ts";
import { reasonAddress } from "../matrix/reason-address.ts";

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
  const body = listed.map((index) => rowHtml(data, rows[index]));
  const heads = columns.map(
    ({ name, title = name }) => html`<th scope="col" class="who" title="${title}"><span>${name}</span></th>`,
  );
  return html`${{ html: more }}<div class="scroll" tabindex="0" role="region" aria-label="Who may call what"><table class="plain">
<thead><tr><th scope="col">Route</th><th scope="col">Requirement</th><th scope="col">Upstream</th>${{ html: heads }}</tr></thead>
<tbody>
${{ html: body }}</tbody>
</table></div>`;
}

function rowHtml(data: MatrixData, row: MatrixRow | undefined): Html {
  if (row === undefined) return html``;
  const { accesses, upstreams, columns } = data;
  const { methods, path, hosts, access, upstream } = row;
  const { requirement = "", marks = "" } = accesses[access] ?? {};
  const where = hosts === undefined ? html`` : html` on ${hosts}`;
  const callers = columns.map(({ name }, at) => cellHtml(name, marks[at], reasonAddress(data, row, at)));
  return html`<tr><th scope="row"><b>${methods}</b> <code>${path}</code>${{ html: where }}</th><td>${requirement}</td><td>${upstreams[upstream] ?? ""}</td>${{ html: callers }}</tr>
`;
}

function cellHtml(caller: string, letter: string | undefined, address: string | undefined): Html {
  const mark = markOf(letter);
  const sign =
    address === undefined
      ? html`<span aria-label="${mark.word}">${mark.sign}</span>`
      : html`<a href="${address}" aria-label="${caller}: ${mark.word}">${mark.sign}</a>`;
  return html`<td class="${mark.name}">${{ html: sign }}</td>`;
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
