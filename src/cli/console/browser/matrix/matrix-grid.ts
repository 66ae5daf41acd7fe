import { elementScroll, observeElementOffset, observeElementRect, Virtualizer } from "@tanstack/virtual-core";
import { markOf } from "../../matrix/marks.ts";
import type { MatrixData } from "../../matrix/matrix-data.ts";
import { element, rowTexts } from "./elements.ts";
import { type GridCell, movedBy } from "./grid-keys.ts";
import { type ColumnLayout, type ColumnRange, columnLayout, visibleCallers } from "./grid-layout.ts";
import { cellId, GridRows } from "./grid-rows.ts";
import { type ListItem, listItems } from "./list-items.ts";

/** Rows that are made beyond those that are seen. */
const OVERSCAN = 4;
/** Usual heights of rows, in pixels. Others are measured. */
const SIZES = { group: 29, row: 29 };
const NARROW_SIZES = { group: 29, row: 78 };
/** As often is the screen made again for one change. What is measured later comes with the next change. */
const MAX_ROUNDS = 3;

/**
 * The matrix as a grid that has only the rows and callers on the screen as elements. The grid itself has the focus, and
 * names the active cell (`aria-activedescendant`), so that scrolling never takes the focus away.
 */
export class MatrixGrid {
  readonly #data: MatrixData;
  readonly #view: HTMLElement;
  readonly #table: HTMLTableElement;
  readonly #head: HTMLTableSectionElement;
  readonly #body: HTMLTableSectionElement;
  readonly #saying: HTMLElement | null;
  readonly #rows: GridRows;
  readonly #list: Virtualizer<HTMLElement, HTMLElement>;
  #items: readonly ListItem[] = [];
  #shown: readonly number[] = [];
  #layout: ColumnLayout;
  #range: ColumnRange = { first: 0, end: 0 };
  /** The index of the chosen caller's column; -1: none is chosen. */
  #chosen = -1;
  #active: GridCell | undefined;
  #onScreen = new Map<number, HTMLElement>();
  #isRendering = false;
  #isStale = false;
  #headHeight = 0;

  /** @param saying where to say what the cell at the pointer, or the active one, means */
  constructor(data: MatrixData, place: HTMLElement, saying: HTMLElement | null) {
    this.#data = data;
    this.#rows = new GridRows(data);
    this.#saying = saying;
    this.#head = element("thead", { attributes: { role: "rowgroup" } });
    this.#body = element("tbody", { attributes: { role: "rowgroup" } });
    const attributes = { role: "grid", tabindex: 0, "aria-label": "Who may call what", "aria-readonly": "true" };
    this.#table = element("table", { class: "grid", attributes: { role: "presentation" } }, this.#head, this.#body);
    // The box that scrolls is the grid, so that it shows where the focus is.
    this.#view = element("div", { class: "view", attributes }, this.#table);
    place.append(this.#view);
    this.#layout = columnLayout(this.#view.clientWidth, data.columns.length);
    this.#list = new Virtualizer<HTMLElement, HTMLElement>(this.#options());
    this.#list._didMount();
    this.#list._willUpdate();
    this.#listen();
  }

  /** The rows of the list, by their indexes. */
  get shown(): readonly number[] {
    return this.#shown;
  }

  /** The active cell: the index of its row, and its column as in `GridCell`. */
  get active(): { readonly row: number; readonly column: number } | undefined {
    const item = this.#active && this.#items[this.#active.item];
    return this.#active && item?.kind === "row" ? { row: item.row, column: this.#active.column } : undefined;
  }

  /** Gives the focus to a cell. Nothing, if its row is not shown. */
  goTo({ row, column }: { readonly row: number; readonly column: number }): void {
    const item = this.#items.findIndex((it) => it.kind === "row" && it.row === row);
    if (item === -1) return;
    this.#view.focus();
    this.#activate({ item, column });
  }

  /**
   * Shows some rows, from the first one on.
   *
   * @param chosen the index of a caller's column, which stands out; -1: none
   */
  show(shown: readonly number[], chosen: number): void {
    this.#shown = shown;
    this.#items = listItems(this.#data, shown);
    this.#chosen = chosen;
    this.#active = undefined;
    this.#view.scrollTop = 0;
    this.#layOut();
    if (chosen !== -1) this.#scrollToColumn(chosen + this.#rows.fixed);
  }

  #options() {
    const sizes = this.#layout.isNarrow ? NARROW_SIZES : SIZES;
    return {
      count: this.#items.length,
      getScrollElement: () => this.#view,
      estimateSize: (index: number) => sizes[this.#items[index]?.kind ?? "row"],
      // Sizes that are known stay known when the filter changes.
      getItemKey: (index: number) => {
        const item = this.#items[index];
        return item === undefined ? index : item.kind === "group" ? -1 - item.group : item.row;
      },
      scrollToFn: elementScroll,
      observeElementRect,
      observeElementOffset,
      overscan: OVERSCAN,
      scrollMargin: this.#headHeight,
      scrollPaddingStart: this.#headHeight,
      onChange: () => this.#render(),
    };
  }

  #listen(): void {
    this.#view.addEventListener("scroll", () => this.#renderColumns(), { passive: true });
    new ResizeObserver(() => this.#resize()).observe(this.#view);
    this.#view.addEventListener("keydown", (event) => this.#onKey(event));
    this.#view.addEventListener("focus", () => this.#say(this.#active));
    this.#table.addEventListener("pointerover", ({ target }) => this.#say(this.#cellAt(target) ?? this.#active));
    this.#table.addEventListener("pointerleave", () => this.#say(this.#active));
    this.#table.addEventListener("click", ({ target }) => this.#activate(this.#cellAt(target)));
  }

  #resize(): void {
    const layout = columnLayout(this.#view.clientWidth, this.#data.columns.length);
    if (layout.key === this.#layout.key) return;
    const wasNarrow = this.#layout.isNarrow;
    this.#layout = layout;
    this.#layOut();
    if (wasNarrow !== layout.isNarrow) this.#list.measure();
  }

  /** Makes everything on the screen anew. */
  #layOut(): void {
    const { columns, rows } = this.#data;
    this.#range = this.#visibleRange();
    this.#view.classList.toggle("narrow", this.#layout.isNarrow);
    this.#view.classList.toggle("upright", this.#layout.isUpright);
    this.#table.style.setProperty("--columns", this.#layout.template);
    this.#table.style.setProperty("--view", `${this.#view.clientWidth}px`);
    this.#view.setAttribute("aria-rowcount", String(this.#items.length + 1));
    this.#view.setAttribute("aria-colcount", String(columns.length + this.#rows.fixed));
    this.#head.replaceChildren(this.#rows.head(this.#range, this.#chosen));
    this.#body.replaceChildren();
    this.#onScreen.clear();
    this.#body.classList.toggle("empty", this.#items.length === 0);
    if (this.#items.length === 0) this.#body.append(this.#rows.nothing(rows.length));
    this.#headHeight = this.#head.offsetHeight;
    this.#list.setOptions(this.#options());
    this.#list._willUpdate();
    this.#render();
  }

  /** Sizes that are measured change what is on the screen, so it is made again until they are known. */
  #render(): void {
    this.#isStale = true;
    if (this.#isRendering) return;
    this.#isRendering = true;
    for (let round = 0; this.#isStale && round < MAX_ROUNDS; round += 1) {
      this.#isStale = false;
      // All rows are there before the first is measured: each change after that would be a layout of its own.
      for (const row of this.#renderRows()) this.#list.measureElement(row);
    }
    this.#isRendering = false;
    this.#markActive();
  }

  /** Makes the rows that are missing, and returns them. */
  #renderRows(): readonly HTMLElement[] {
    const items = this.#list.getVirtualItems();
    const indexes = new Set(items.map(({ index }) => index));
    for (const [index, row] of this.#onScreen) {
      if (indexes.has(index)) continue;
      row.remove();
      this.#onScreen.delete(index);
    }
    const made: HTMLElement[] = [];
    let next = this.#items.length === 0 ? null : this.#body.firstElementChild;
    for (const { index } of items) {
      const item = this.#items[index];
      if (item === undefined) continue;
      const known = this.#onScreen.get(index);
      if (known !== undefined && known === next) {
        next = next.nextElementSibling;
        continue;
      }
      const row = known ?? this.#rows.row(item, index, this.#range, this.#chosen);
      this.#body.insertBefore(row, next);
      this.#onScreen.set(index, row);
      if (known === undefined) made.push(row);
    }
    const [first, last] = [items.at(0), items.at(-1)];
    const margin = this.#list.options.scrollMargin;
    this.#body.style.paddingTop = `${first === undefined ? 0 : first.start - margin}px`;
    this.#body.style.paddingBottom = `${last === undefined ? 0 : this.#list.getTotalSize() - (last.end - margin)}px`;
    return made;
  }

  #renderColumns(): void {
    const [had, range] = [this.#range, this.#visibleRange()];
    if (range.first === had.first && range.end === had.end) return;
    this.#range = range;
    const [head] = this.#head.rows;
    if (head) this.#rows.moveHead(head, had, range, this.#chosen);
    for (const [index, row] of this.#onScreen) {
      const item = this.#items[index];
      if (item) this.#rows.move(row, item, had, range, this.#chosen);
    }
    this.#markActive();
  }

  #visibleRange(): ColumnRange {
    return visibleCallers(this.#layout, this.#view.scrollLeft, this.#view.clientWidth, this.#data.columns.length);
  }

  #onKey(event: KeyboardEvent): void {
    if (event.altKey || event.metaKey) return;
    if (event.key === "Enter") {
      const link = this.#activeElement()?.querySelector("a");
      if (link) event.preventDefault();
      // With Ctrl, the browser opens a tab, as it does for a click.
      link?.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, ctrlKey: event.ctrlKey }));
      return;
    }
    const cell = movedBy(event, this.#active, {
      items: this.#items.length,
      columns: this.#data.columns.length + this.#rows.fixed,
      page: Math.max(1, this.#list.range ? this.#list.range.endIndex - this.#list.range.startIndex - 1 : 1),
      isRow: (item) => this.#items[item]?.kind === "row",
    });
    if (cell === undefined) return;
    event.preventDefault();
    this.#activate(cell);
  }

  #activate(cell: GridCell | undefined): void {
    if (cell === undefined) return;
    this.#active = cell;
    this.#list.scrollToIndex(cell.item, { align: "auto" });
    this.#scrollToColumn(cell.column);
    this.#render();
    this.#say(cell);
  }

  /** Scrolls sideways as far as a column needs. */
  #scrollToColumn(column: number): void {
    const place = this.#layout.placeOf(column);
    if (place === undefined) return;
    const { pinned } = this.#layout;
    const { scrollLeft, clientWidth } = this.#view;
    if (place.start - pinned < scrollLeft) this.#view.scrollLeft = place.start - pinned;
    else if (place.end > scrollLeft + clientWidth) this.#view.scrollLeft = place.end - clientWidth;
    this.#renderColumns();
  }

  #activeElement(): HTMLElement | null {
    const cell = this.#active;
    if (cell === undefined) return null;
    return this.#onScreen.get(cell.item)?.querySelector<HTMLElement>(`#${cellId(cell.item, cell.column)}`) ?? null;
  }

  #markActive(): void {
    for (const marked of this.#table.querySelectorAll(".active")) marked.classList.remove("active");
    const cell = this.#activeElement();
    cell?.classList.add("active");
    if (cell) this.#view.setAttribute("aria-activedescendant", cell.id);
    else this.#view.removeAttribute("aria-activedescendant");
  }

  #cellAt(target: EventTarget | null): GridCell | undefined {
    const cell = target instanceof Element ? target.closest<HTMLElement>("[data-item]") : null;
    return cell ? { item: Number(cell.dataset["item"]), column: Number(cell.dataset["column"]) } : undefined;
  }

  /** Says a cell in words, because the heads of many callers are narrow, and paths may be cut. */
  #say(cell: GridCell | undefined): void {
    const item = cell && this.#items[cell.item];
    if (this.#saying === null || cell === undefined || item?.kind !== "row") return;
    const { methods, path, requirement, upstream, marks } = rowTexts(this.#data, item.row);
    const at = cell.column - this.#rows.fixed;
    const caller = this.#data.columns[at];
    const who = caller === undefined ? "" : `${caller.name} ${markOf(marks[at]).meaning}: `;
    this.#saying.textContent = `${who}${methods} ${path} \u2192 ${upstream}. Requirement: ${requirement}.`;
    this.#saying.hidden = false;
  }
}
