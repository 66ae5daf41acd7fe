import { markOf } from "../../matrix/marks.ts";
import type { MatrixData } from "../../matrix/matrix-data.ts";
import { rowTexts } from "./elements.ts";
import { type GridCell, movedBy } from "./grid-keys.ts";
import { GridScreen } from "./grid-screen.ts";
import { type ListItem, listItems } from "./list-items.ts";

/**
 * The matrix as a grid for keyboard, pointer and screen reader. The grid itself has the focus, and names the active
 * cell (`aria-activedescendant`), so that scrolling never takes the focus away.
 */
export class MatrixGrid {
  readonly #data: MatrixData;
  readonly #screen: GridScreen;
  readonly #saying: HTMLElement | null;
  #items: readonly ListItem[] = [];
  #shown: readonly number[] = [];

  /** @param saying where to say what the cell at the pointer, or the active one, means */
  constructor(data: MatrixData, place: HTMLElement, saying: HTMLElement | null) {
    this.#data = data;
    this.#saying = saying;
    this.#screen = new GridScreen(data, place);
    const { box, table } = this.#screen;
    box.addEventListener("keydown", (event) => this.#onKey(event));
    box.addEventListener("focus", () => this.#say(this.#screen.active));
    table.addEventListener("pointerover", ({ target }) => this.#say(cellAt(target) ?? this.#screen.active));
    table.addEventListener("pointerleave", () => this.#say(this.#screen.active));
    table.addEventListener("click", ({ target }) => this.#activate(cellAt(target)));
  }

  /** The rows of the list, by their indexes. */
  get shown(): readonly number[] {
    return this.#shown;
  }

  /** The active cell: the index of its row, and its column as in `GridCell`. */
  get active(): { readonly row: number; readonly column: number } | undefined {
    const { active } = this.#screen;
    const item = active && this.#items[active.item];
    return active && item?.kind === "row" ? { row: item.row, column: active.column } : undefined;
  }

  /** Gives the focus to a cell. Nothing, if its row is not shown. */
  goTo({ row, column }: { readonly row: number; readonly column: number }): void {
    const item = this.#items.findIndex((it) => it.kind === "row" && it.row === row);
    if (item === -1) return;
    this.#screen.box.focus();
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
    this.#screen.show(this.#items, chosen);
  }

  #onKey(event: KeyboardEvent): void {
    if (event.altKey || event.metaKey) return;
    if (event.key === "Enter") {
      const link = this.#screen.activeElement?.querySelector("a");
      if (link) event.preventDefault();
      // With Ctrl, the browser opens a tab, as it does for a click.
      link?.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, ctrlKey: event.ctrlKey }));
      return;
    }
    const cell = movedBy(event, this.#screen.active, {
      items: this.#items.length,
      columns: this.#data.columns.length + this.#screen.fixed,
      page: this.#screen.page,
      isRow: (item) => this.#items[item]?.kind === "row",
    });
    if (cell === undefined) return;
    event.preventDefault();
    this.#activate(cell);
  }

  #activate(cell: GridCell | undefined): void {
    if (cell === undefined) return;
    this.#screen.activate(cell);
    this.#say(cell);
  }

  /** Says a cell in words, because the heads of many callers are narrow, and paths may be cut. */
  #say(cell: GridCell | undefined): void {
    const item = cell && this.#items[cell.item];
    if (this.#saying === null || cell === undefined || item?.kind !== "row") return;
    const { methods, path, requirement, upstream, marks } = rowTexts(this.#data, item.row);
    const at = cell.column - this.#screen.fixed;
    const caller = this.#data.columns[at];
    const who = caller === undefined ? "" : `${caller.name} ${markOf(marks[at]).meaning}: `;
    this.#saying.textContent = `${who}${methods} ${path} \u2192 ${upstream}. Requirement: ${requirement}.`;
    this.#saying.hidden = false;
  }
}

/** The cell that an element of the grid is in. */
function cellAt(target: EventTarget | null): GridCell | undefined {
  const cell = target instanceof Element ? target.closest<HTMLElement>("[data-item]") : null;
  return cell ? { item: Number(cell.dataset["item"]), column: Number(cell.dataset["column"]) } : undefined;
}
