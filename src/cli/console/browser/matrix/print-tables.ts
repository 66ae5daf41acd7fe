import { markOf } from "../../matrix/marks.ts";
import type { MatrixData } from "../../matrix/matrix-data.ts";
import { element, FIXED_COLUMNS, routeParts, rowTexts } from "./elements.ts";

/** Callers that fit beside the routes on a landscape page. */
const CALLERS_PER_TABLE = 32;
/** So many take Chromium up to a minute. With 300,000 it gives up, and nothing is printed. */
const MAX_PRINTED_CELLS = 200_000;

/** Plain tables of some rows: one for as many callers as a page is wide, and a note on rows that are too many. */
export function printTables(data: MatrixData, shown: readonly number[]): HTMLElement {
  const { columns } = data;
  const most = Math.max(1, Math.floor(MAX_PRINTED_CELLS / columns.length));
  const printed = shown.slice(0, most);
  const place = element("div", { class: "printed" });
  if (printed.length < shown.length) {
    const text = `Only the first ${printed.length} of ${shown.length} rows are printed. Filter them to print others.`;
    place.append(element("p", { text }));
  }
  for (let first = 0; first < columns.length; first += CALLERS_PER_TABLE) {
    place.append(tableOf(data, printed, first, Math.min(first + CALLERS_PER_TABLE, columns.length)));
  }
  return place;
}

function tableOf(data: MatrixData, printed: readonly number[], first: number, end: number): HTMLTableElement {
  const heads = data.columns.slice(first, end).map(({ name }) => {
    return element("th", { class: "who", attributes: { scope: "col" } }, element("span", { text: name }));
  });
  const fixed = FIXED_COLUMNS.map((text) => element("th", { text, attributes: { scope: "col" } }));
  const body = element("tbody");
  for (const row of printed) {
    const texts = rowTexts(data, row);
    const line = element("tr", {}, element("th", { attributes: { scope: "row" } }, ...routeParts(texts)));
    line.append(element("td", { text: texts.requirement }), element("td", { text: texts.upstream }));
    for (let at = first; at < end; at += 1) {
      const { name, sign } = markOf(texts.marks[at]);
      line.append(element("td", { class: name, text: sign }));
    }
    body.append(line);
  }
  return element("table", { class: "plain" }, element("thead", {}, element("tr", {}, ...fixed, ...heads)), body);
}
