import type { MatrixData } from "../../matrix/matrix-data.ts";
import type { MatrixGrid } from "./matrix-grid.ts";

/** A cell in the entry of the history. Its row is named, too, because the policy may have changed meanwhile. */
interface KeptPlace {
  readonly row: number;
  readonly column: number;
  readonly name: string;
}

/**
 * Keeps the active cell in the page's entry of the history, so that "back" from a reason leads to the cell, with the
 * focus. Without it, a reader of thousands of rows would start again at the first one.
 */
export function keepPlace(data: MatrixData, grid: MatrixGrid): void {
  const kept: unknown = history.state;
  if (isBack() && isPlace(kept) && nameOf(data, kept.row) === kept.name) grid.goTo(kept);
  addEventListener("pagehide", () => {
    const { active } = grid;
    const place = active && { ...active, name: nameOf(data, active.row) };
    history.replaceState(place ?? null, "");
  });
}

function isBack(): boolean {
  const [entry] = performance.getEntriesByType("navigation");
  return entry instanceof PerformanceNavigationTiming && entry.type === "back_forward";
}

function isPlace(state: unknown): state is KeptPlace {
  return typeof state === "object" && state !== null && "row" in state && "column" in state && "name" in state;
}

function nameOf({ rows }: MatrixData, row: number): string | undefined {
  const { methods, path, hosts = "" } = rows[row] ?? {};
  return path === undefined ? undefined : `${methods} ${path} ${hosts}`;
}
