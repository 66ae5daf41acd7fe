import { markOf } from "../../matrix/marks.ts";
import type { MatrixData } from "../../matrix/matrix-data.ts";
import { element, FIXED_COLUMNS, markElement, routeParts, rowTexts } from "./elements.ts";
import type { ColumnRange } from "./grid-layout.ts";
import type { ListItem } from "./list-items.ts";

/** The id of a cell. The grid names the active one by it. */
export function cellId(item: number, column: number): string {
  return `cell-${item}-${column}`;
}

/** A longer text is cut after some lines. */
const LONG = 100;

/** The callers of a row that is new. */
const NONE: ColumnRange = { first: 0, end: 0 };

/** Makes the rows of the grid. Each has its route and the callers of a range. */
export class GridRows {
  readonly #data: MatrixData;
  /** Number of columns before those of the callers. */
  readonly fixed = FIXED_COLUMNS.length;

  constructor(data: MatrixData) {
    this.#data = data;
  }

  /** The row of headings. */
  head(range: ColumnRange, chosen: number): HTMLTableRowElement {
    const row = element("tr", { attributes: { role: "row", "aria-rowindex": 1 } });
    for (const [at, text] of FIXED_COLUMNS.entries()) {
      const attributes = { role: "columnheader", scope: "col", "aria-colindex": at + 1 };
      row.append(element("th", { class: `fixed ${text.toLowerCase()}`, text, attributes }));
    }
    this.moveHead(row, NONE, range, chosen);
    return row;
  }

  /** Gives the row of headings those of the callers of a range, in place of those that it had. */
  moveHead(row: HTMLElement, had: ColumnRange, range: ColumnRange, chosen: number): void {
    this.#moveCallers(row, had, range, (at) => {
      const { name = "", title = name } = this.#data.columns[at] ?? {};
      const attributes = { role: "columnheader", scope: "col", "aria-colindex": at + this.fixed + 1, title };
      const text = element("span", { text: name });
      return element("th", { class: at === chosen ? "who chosen" : "who", attributes }, text);
    });
  }

  /** A row that has no others: it says that the filter leaves none. */
  nothing(all: number): HTMLTableRowElement {
    const text = all === 0 ? "The policy has no routes." : "No row passes the filters.";
    const cell = element("td", { class: "group", text, attributes: { role: "gridcell" } });
    return element("tr", { class: "group", attributes: { role: "row", "aria-rowindex": 2 } }, cell);
  }

  /** The row of an item. */
  row(item: ListItem, index: number, range: ColumnRange, chosen: number): HTMLTableRowElement {
    const row = element("tr", { attributes: { role: "row", "aria-rowindex": index + 2, "data-index": index } });
    if (item.kind === "group") {
      row.className = "group";
      const count = element("span", { class: "count", text: String(item.count) });
      const attributes = {
        role: "rowheader",
        scope: "rowgroup",
        "aria-colspan": this.#data.columns.length + this.fixed,
      };
      const name = element("code", { text: this.#data.groups[item.group] ?? "" });
      row.append(element("th", { class: "group", attributes }, name, document.createTextNode(" "), count));
      return row;
    }
    const texts = rowTexts(this.#data, item.row);
    const title = `${texts.methods} ${texts.path}`;
    const route = element("th", { class: "fixed route", attributes: { role: "rowheader", scope: "row", title } });
    route.append(element("span", { class: title.length > LONG ? "cut" : "" }, ...routeParts(texts)));
    row.append(this.#cell(route, index, 0));
    for (const [at, text] of [texts.requirement, texts.upstream].entries()) {
      const name = at === 0 ? "fixed requirement" : "fixed upstream";
      const cell = element("td", { class: name, attributes: { role: "gridcell", title: text } });
      cell.append(element("span", { class: text.length > LONG ? "cut" : "", text }));
      row.append(this.#cell(cell, index, at + 1));
    }
    this.move(row, item, NONE, range, chosen);
    return row;
  }

  /** Gives a row the cells of the callers of a range, in place of those that it had. */
  move(row: HTMLElement, item: ListItem, had: ColumnRange, range: ColumnRange, chosen: number): void {
    if (item.kind === "group") return;
    const texts = rowTexts(this.#data, item.row);
    const index = Number(row.dataset["index"]);
    this.#moveCallers(row, had, range, (at) => {
      const { name } = markOf(texts.marks[at]);
      const cell = element("td", {
        class: at === chosen ? `mark ${name} chosen` : `mark ${name}`,
        attributes: { role: "gridcell" },
      });
      cell.append(markElement(this.#data, texts, at));
      return this.#cell(cell, index, at + this.fixed);
    });
  }

  /** Elements that both ranges have stay. Making all of them anew would take too long for a frame. */
  #moveCallers(row: HTMLElement, had: ColumnRange, range: ColumnRange, make: (caller: number) => HTMLElement): void {
    const common = { first: Math.max(had.first, range.first), end: Math.min(had.end, range.end) };
    const kept = common.first < common.end ? common : { first: range.end, end: range.end };
    const cells = Array.from(row.children).slice(this.fixed);
    cells[0]?.removeAttribute("style");
    for (const [at, cell] of cells.entries()) {
      const caller = had.first + at;
      if (caller < kept.first || caller >= kept.end) cell.remove();
    }
    const firstKept = row.children[this.fixed] ?? null;
    for (let at = range.first; at < kept.first; at += 1) row.insertBefore(make(at), firstKept);
    for (let at = kept.end; at < range.end; at += 1) row.append(make(at));
    // The first one is placed behind those that have no elements. The others follow it.
    const first = row.children[this.fixed];
    if (range.first > 0 && first instanceof HTMLElement) first.style.setProperty("--caller", String(range.first + 1));
  }

  #cell(cell: HTMLTableCellElement, item: number, column: number): HTMLTableCellElement {
    cell.id = cellId(item, column);
    cell.dataset["item"] = String(item);
    cell.dataset["column"] = String(column);
    cell.setAttribute("aria-colindex", String(column + 1));
    return cell;
  }
}
