import { counted } from "../../output.ts";
import { type Html, html } from "../../print/html.ts";

/** Faults whose line is shown. The page's head counts all of them. */
const MAX_SHOWN = 20;
/** Characters that are shown on each side of a fault: a file may be one long line. In UTF-16 code units. */
const MAX_AROUND = 80;

/** A fault's place, and the line of the text there. Its parts joined are the line, or what is shown of it. */
export interface FaultLine {
  readonly line: number;
  readonly column: number;
  readonly before: string;
  /** What stands at the place; empty at the end of a line. */
  readonly at: string;
  readonly after: string;
}

/**
 * The places of faults in a text. A line of another form, such as a fault in wrangler's file, has no place in it and is
 * left out.
 *
 * @param name of the file, with which each line about it begins
 * @param lines such as `routes.json:12:5: What is wrong. What to do.`
 */
export function faultLines(name: string, text: string, lines: readonly string[]): readonly FaultLine[] {
  const rows = text.split("\n");
  return lines.flatMap((fault) => {
    if (!fault.startsWith(`${name}:`)) return [];
    const [, line, column] = /^(\d+):(\d+): /.exec(fault.slice(name.length + 1)) ?? [];
    const row = rows[Number(line) - 1];
    if (row === undefined) return [];
    const start = Number(column) - 1;
    const [at = ""] = /^(?:"(?:[^"\\]|\\.)*"|[\w.+-]+|.)/u.exec(row.slice(start, start + MAX_AROUND)) ?? [];
    const end = start + at.length;
    return [
      {
        line: Number(line),
        column: Number(column),
        before: `${start > MAX_AROUND ? "\u2026" : ""}${row.slice(Math.max(0, start - MAX_AROUND), start)}`,
        at,
        after: `${row.slice(end, end + MAX_AROUND)}${row.length > end + MAX_AROUND ? "\u2026" : ""}`.trimEnd(),
      },
    ];
  });
}

/** The lines of the file where it is wrong, each with a mark at the place. The head of the page says what is wrong. */
export function faultsHtml(name: string, faults: readonly FaultLine[]): Html {
  if (faults.length === 0) return html``;
  const items = faults.slice(0, MAX_SHOWN).map(
    ({ line, column, before, at, after }) => html`<li><p><code class="place">${name}:${line}:${column}</code></p>
<pre><code>${before.trimStart()}<mark>${at === "" ? " " : at}</mark>${after}</code></pre></li>
`,
  );
  const left = faults.length - MAX_SHOWN;
  const more = left > 0 ? html`<p class="more">${counted(left, "more fault")}.</p>\n` : html``;
  return html`<section class="places" aria-labelledby="places">
<h2 id="places">Where the file is wrong</h2>
<ol class="excerpts">
${{ html: items }}</ol>
${{ html: more }}</section>
`;
}
