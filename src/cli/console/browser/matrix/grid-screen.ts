import { elementScroll, observeElementOffset, observeElementRect, Virtualizer } from "@tanstack/virtual-core";
import type { MatrixData } from "../../matrix/matrix-data.ts";
import { element } from "./elements.ts";
import type { GridCell } from "./grid-keys.ts";
import { type ColumnLayout, type ColumnRange, columnLayout, visibleCallers } from "./grid-layout.ts";
import { cellId, GridRows } from "./grid-rows.ts";
import type { ListItem } from "./list-items.ts";

/** Rows that are made beyond those that are seen. */
const OVERSCAN = 4;
/** Usual heights of rows, in pixels. Others are measured. */
const SIZES = { group: 29, row: 29 };
const NARROW_SIZES = { group: 29, row: 78 };
/** The screen is made again at most this often for one change. What is measured later comes with the next change. */
const MAX_ROUNDS = 3;

/**
 * The part of a list that is on the screen: only its rows and callers are elements. They follow the scroll bars and the
 * width of the window. It also marks the active cell, wherever that is scrolled to.
 */
export class GridScreen {
  /** The box that scrolls. It is the grid, so that it shows where the focus is. */
  readonly box: HTMLElement;
  readonly table: HTMLTableElement;
  readonly #data: MatrixData;
  readonly #head: HTMLTableSectionElement;
  readonly #body: HTMLTableSectionElement;
  readonly #rows: GridRows;
  readonly #list: Virtualizer<HTMLElement, HTMLElement>;
  #items: readonly ListItem[] = [];
  #layout: ColumnLayout;
  #range: ColumnRange = { first: 0, end: 0 };
  /** The index of the chosen caller's column; -1: none is chosen. */
  #chosen = -1;
  #active: GridCell | undefined;
  #onScreen = new Map<number, HTMLElement>();
  #isRendering = false;
  #isStale = false;
  #headHeight = 0;

  /** @param place where to put the grid */
  constructor(data: MatrixData, place: HTMLElement) {
    this.#data = data;
    this.#rows = new GridRows(data);
    this.#head = element("thead", { attributes: { role: "rowgroup" } });
    this.#body = element("tbody", { attributes: { role: "rowgroup" } });
    const attributes = { role: "grid", tabindex: 0, "aria-label": "Who may call what", "aria-readonly": "true" };
    this.table = element("table", { class: "grid", attributes: { role: "presentation" } }, this.#head, this.#body);
    this.box = element("div", { class: "view", attributes }, this.table);
    place.append(this.box);
    this.#layout = columnLayout(this.box.clientWidth, data.columns.length);
    this.#list = new Virtualizer<HTMLElement, HTMLElement>(this.#options());
    this.#list._didMount();
    this.#list._willUpdate();
    this.box.addEventListener("scroll", () => this.#renderColumns(), { passive: true });
    new ResizeObserver(() => this.#resize()).observe(this.box);
  }

  /** Number of columns before those of the callers. */
  get fixed(): number {
    return this.#rows.fixed;
  }

  /** How many items a move by a page passes: those that are seen at once, at least 1. */
  get page(): number {
    const { range } = this.#list;
    return Math.max(1, range ? range.endIndex - range.startIndex - 1 : 1);
  }

  /** The active cell; `undefined`: there is none. */
  get active(): GridCell | undefined {
    return this.#active;
  }

  /** The element of the active cell. `null`: there is none, or it is not on the screen. */
  get activeElement(): HTMLElement | null {
    const cell = this.#active;
    if (cell === undefined) return null;
    return this.#onScreen.get(cell.item)?.querySelector<HTMLElement>(`#${cellId(cell.item, cell.column)}`) ?? null;
  }

  /**
   * Shows some items, from the first one on. No cell is active then.
   *
   * @param chosen the index of a caller's column, which stands out; -1: none
   */
  show(items: readonly ListItem[], chosen: number): void {
    this.#items = items;
    this.#chosen = chosen;
    this.#active = undefined;
    this.box.scrollTop = 0;
    this.#layOut();
    if (chosen !== -1) this.#scrollToColumn(chosen + this.fixed);
  }

  /** Makes a cell the active one, and scrolls to it. */
  activate(cell: GridCell): void {
    this.#active = cell;
    this.#list.scrollToIndex(cell.item, { align: "auto" });
    this.#scrollToColumn(cell.column);
    this.#render();
  }

  #options() {
    const sizes = this.#layout.isNarrow ? NARROW_SIZES : SIZES;
    return {
      count: this.#items.length,
      getScrollElement: () => this.box,
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

  #resize(): void {
    const layout = columnLayout(this.box.clientWidth, this.#data.columns.length);
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
    this.box.classList.toggle("narrow", this.#layout.isNarrow);
    this.box.classList.toggle("upright", this.#layout.isUpright);
    this.table.style.setProperty("--columns", this.#layout.template);
    this.table.style.setProperty("--view", `${this.box.clientWidth}px`);
    this.box.setAttribute("aria-rowcount", String(this.#items.length + 1));
    this.box.setAttribute("aria-colcount", String(columns.length + this.#rows.fixed));
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
    return visibleCallers(this.#layout, this.box.scrollLeft, this.box.clientWidth, this.#data.columns.length);
  }

  /** Scrolls sideways as far as a column needs. */
  #scrollToColumn(column: number): void {
    const place = this.#layout.placeOf(column);
    if (place === undefined) return;
    const { pinned } = this.#layout;
    const { scrollLeft, clientWidth } = this.box;
    if (place.start - pinned < scrollLeft) this.box.scrollLeft = place.start - pinned;
    else if (place.end > scrollLeft + clientWidth) this.box.scrollLeft = place.end - clientWidth;
    this.#renderColumns();
  }

  #markActive(): void {
    for (const marked of this.table.querySelectorAll(".active")) marked.classList.remove("active");
    const cell = this.activeElement;
    cell?.classList.add("active");
    if (cell) this.box.setAttribute("aria-activedescendant", cell.id);
    else this.box.removeAttribute("aria-activedescendant");
  }
}
