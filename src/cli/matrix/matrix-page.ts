import type { AccessMatrix, AccessRow } from "../../policy/analysis/access-matrix.ts";
import { type Html, html } from "../print/html.ts";
import { withMessage } from "../print/request-text.ts";
import { clientHeadings, grantHeadings, type Mark, marksOf } from "./format-matrix.ts";
import { matrixNote } from "./matrix-assumption.ts";

/**
 * Formats the matrix as one HTML page without other files: a table on screens and paper, a card per route on phones.
 * Returns one part after the other, to be joined by line breaks, because a page of 100,000 routes has 100 MB.
 */
export function* matrixPage(matrix: AccessMatrix, policy: string): Generator<Html, void, undefined> {
  const { clients, rows } = matrix;
  const assumption = matrixNote(matrix);
  const note = assumption === undefined ? html`` : html`\n<p><b>${assumption}</b></p>`;
  const names = [...clientHeadings(matrix), ...grantHeadings(matrix)];
  const columns = ["anyone", ...names].map((name) => html`<th scope="col" class="who">${name}</th>`);
  yield html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Who may call what</title>
<style>${{ html: STYLE }}</style>
</head>
<body>
<h1>Who may call what</h1>
<p>${policy}: ${countOf(matrix)}, ${clients.length} clients. Each client is shown with all the scopes that it may be granted.</p>${{ html: note }}
<table>
<thead><tr><th scope="col">Route</th><th scope="col">Requirement</th><th scope="col">Upstream</th>${{ html: columns }}</tr></thead>
<tbody>`;
  const [forAnyone, ...forOthers] = ["anyone", ...names].map(marksFor);
  if (forAnyone) for (const row of rows) yield rowHtml(row, forAnyone, forOthers);
  yield html`</tbody>
</table>
</body>
</html>`;
}

function countOf({ rows }: AccessMatrix): string {
  return `${rows.length} ${rows.some(({ mcp }) => mcp !== undefined) ? "routes and messages" : "routes"}`;
}

function rowHtml(row: AccessRow, forAnyone: Marks, forOthers: readonly Marks[]): Html {
  const { methods, path, mcp, hosts, requirement, upstream, isPublic } = row;
  const others = marksOf(row);
  const marks = [forAnyone[isPublic ? "yes" : "no"], ...forOthers.map((its, at) => its[others[at] ?? "no"])];
  const verbs = methods.map((method) => (method === "*" ? "any method" : method)).join(" ");
  const where = hosts === undefined ? html`` : html` on ${hosts.join(", ")}`;
  return html`<tr><th scope="row"><b>${verbs}</b> <code>${withMessage(path, mcp)}</code>${{ html: where }}</th><td data-name="requires">${requirement}</td><td data-name="upstream">${upstream}</td>${{ html: marks }}</tr>`;
}

type Marks = Readonly<Record<Mark, Html>>;

/** The cells of one column. They are made once: a page may have a million. */
function marksFor(who: string): Marks {
  const [yes, no] = [markHtml("yes", who), markHtml("no", who)];
  return { yes, if: markHtml("if", who), no, unenforced: markHtml("unenforced", who) };
}

/** The mark is a sign as well as a colour, because not everybody sees colours, and paper may not have them. */
function markHtml(access: Mark, who: string): Html {
  const { sign, word } = MARKS[access];
  return html`<td class="${access}" data-name="${who}"><span aria-label="${word}">${sign}</span></td>`;
}

const MARKS: Readonly<Record<Mark, { readonly sign: string; readonly word: string }>> = {
  yes: { sign: "\u2713", word: "yes" },
  if: { sign: "if", word: "if conditions are met" },
  no: { sign: "\u2013", word: "no" },
  unenforced: { sign: "(\u2013)", word: "no, but not enforced" },
};

const STYLE = html`
:root { color-scheme: light dark; --line: #8886; --yes: #1a7f3733; --head: Canvas; }
body { font: 1rem/1.5 system-ui, sans-serif; margin: 1rem auto; max-width: 90rem; padding: 0 1rem; }
h1 { font-size: 1.4rem; margin: 0 0 .25rem; }
table { border-collapse: collapse; width: 100%; }
th, td { border-bottom: 1px solid var(--line); padding: .4rem .6rem; text-align: left; vertical-align: top; }
thead th { background: var(--head); position: sticky; top: 0; }
tbody th { font-weight: normal; }
code { font-family: ui-monospace, monospace; overflow-wrap: anywhere; }
.who, .yes, .if, .no, .unenforced { text-align: center; }
.yes { background: var(--yes); font-weight: bold; }
.no { opacity: .6; }
@media screen and (max-width: 45rem) {
  thead { clip-path: inset(50%); height: 1px; overflow: hidden; position: absolute; width: 1px; }
  table, tbody { display: block; }
  tr { border: 1px solid var(--line); border-radius: .5rem; display: block; margin: 0 0 .75rem; overflow: hidden; }
  tbody th { display: block; font-size: 1.05rem; }
  td, td.yes, td.if, td.no, td.unenforced { display: flex; gap: 1rem; justify-content: space-between; text-align: right; }
  td::before { content: attr(data-name); font-weight: normal; }
  tr > :last-child { border-bottom: 0; }
}
@media print {
  @page { size: landscape; margin: 12mm; }
  body { font-size: 9pt; margin: 0; max-width: none; }
  thead { display: table-header-group; }
  thead th { position: static; }
  tr { break-inside: avoid; }
}
`;
