/** A cell of the grid. */
export interface GridCell {
  /** Index among the items of the list. */
  readonly item: number;
  /** 0 to 2: route, requirement, upstream. Then the callers. */
  readonly column: number;
}

/** What limits moves in the grid. */
export interface GridBounds {
  readonly items: number;
  readonly columns: number;
  /** Items that a page has. */
  readonly page: number;
  /** Whether an item is a row. Headings of groups are passed over. */
  readonly isRow: (item: number) => boolean;
}

/** A key, as a `KeyboardEvent` has it. */
export interface PressedKey {
  readonly key: string;
  readonly ctrlKey: boolean;
}

/**
 * The cell that a key leads to, as in the grids of the ARIA Authoring Practices. `undefined`: the key moves nothing, so
 * that it keeps its usual effect.
 *
 * @param from the active cell; `undefined`: none yet, and the first key only makes one active
 */
export function movedBy(
  { key, ctrlKey }: PressedKey,
  from: GridCell | undefined,
  bounds: GridBounds,
): GridCell | undefined {
  const move = MOVES.get(key);
  const [lastItem, lastColumn] = [bounds.items - 1, bounds.columns - 1];
  if (move === undefined || lastItem < 0) return undefined;
  if (from === undefined) return rowNear({ item: 0, column: 0 }, 1, bounds);
  const { by, way } = move;
  const { item, column } = from;
  if (by === "column") return { item, column: clamp(column + way, lastColumn) };
  if (by === "edge") {
    const edge = way < 0 ? 0 : lastColumn;
    // With Ctrl, the first or the last cell of all.
    return ctrlKey ? rowNear({ item: way < 0 ? 0 : lastItem, column: edge }, -way, bounds) : { item, column: edge };
  }
  const distance = by === "page" ? bounds.page : 1;
  return rowNear({ item: clamp(item + way * distance, lastItem), column }, way, bounds);
}

interface Move {
  readonly by: "row" | "page" | "column" | "edge";
  /** 1: down or to the right. */
  readonly way: 1 | -1;
}

const MOVES: ReadonlyMap<string, Move> = new Map([
  ["ArrowDown", { by: "row", way: 1 }],
  ["ArrowUp", { by: "row", way: -1 }],
  ["PageDown", { by: "page", way: 1 }],
  ["PageUp", { by: "page", way: -1 }],
  ["ArrowRight", { by: "column", way: 1 }],
  ["ArrowLeft", { by: "column", way: -1 }],
  ["Home", { by: "edge", way: -1 }],
  ["End", { by: "edge", way: 1 }],
]);

/** The cell, or the nearest one in a row: in the direction of the move first. */
function rowNear(cell: GridCell, direction: number, { items, isRow }: GridBounds): GridCell | undefined {
  for (const way of [direction, -direction]) {
    for (let item = cell.item; item >= 0 && item < items; item += way) {
      if (isRow(item)) return { item, column: cell.column };
    }
  }
  return undefined;
}

function clamp(value: number, last: number): number {
  return Math.min(Math.max(value, 0), last);
}
