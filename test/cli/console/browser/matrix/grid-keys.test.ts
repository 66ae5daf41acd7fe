import { describe, expect, it } from "vitest";
import { type GridCell, movedBy } from "../../../../../src/cli/console/browser/matrix/grid-keys.ts";

/** Two groups of three rows: items 0 and 4 are headings. */
const BOUNDS = { items: 8, columns: 5, page: 3, isRow: (item: number) => item % 4 !== 0 };
const at = (item: number, column: number): GridCell => ({ item, column });

describe("a key in the grid", () => {
  it.each<{ key: string; from: GridCell | undefined; to: GridCell | undefined; ctrlKey?: true }>([
    { key: "ArrowDown", from: undefined, to: at(1, 0) },
    { key: "End", from: undefined, to: at(1, 0) },
    { key: "ArrowDown", from: at(1, 2), to: at(2, 2) },
    { key: "ArrowDown", from: at(3, 2), to: at(5, 2) },
    { key: "ArrowDown", from: at(7, 2), to: at(7, 2) },
    { key: "ArrowUp", from: at(5, 2), to: at(3, 2) },
    { key: "ArrowUp", from: at(1, 2), to: at(1, 2) },
    { key: "ArrowRight", from: at(1, 3), to: at(1, 4) },
    { key: "ArrowRight", from: at(1, 4), to: at(1, 4) },
    { key: "ArrowLeft", from: at(1, 1), to: at(1, 0) },
    { key: "ArrowLeft", from: at(1, 0), to: at(1, 0) },
    { key: "PageDown", from: at(1, 1), to: at(5, 1) },
    { key: "PageDown", from: at(6, 1), to: at(7, 1) },
    { key: "PageUp", from: at(7, 1), to: at(3, 1) },
    { key: "PageUp", from: at(2, 1), to: at(1, 1) },
    { key: "Home", from: at(6, 2), to: at(6, 0) },
    { key: "End", from: at(6, 2), to: at(6, 4) },
    { key: "Home", ctrlKey: true, from: at(6, 2), to: at(1, 0) },
    { key: "End", ctrlKey: true, from: at(2, 2), to: at(7, 4) },
    { key: "Tab", from: at(2, 2), to: undefined },
    { key: "a", from: at(2, 2), to: undefined },
    { key: "toString", from: at(2, 2), to: undefined },
  ])("$key from $from.item, $from.column", ({ key, from, to, ctrlKey = false }) => {
    expect(movedBy({ key, ctrlKey }, from, BOUNDS)).toEqual(to);
  });

  it("moves nothing where there are no rows", () => {
    expect(movedBy({ key: "ArrowDown", ctrlKey: false }, undefined, { ...BOUNDS, items: 0 })).toBeUndefined();
  });
});
