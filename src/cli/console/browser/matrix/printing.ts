import type { MatrixData } from "../../matrix/matrix-data.ts";
import { printTables } from "./print-tables.ts";

/**
 * Prints all rows that the filter leaves, not only those on the screen: they are on the page as plain tables while it
 * prints.
 *
 * @param shown the rows of the list, by their indexes
 */
export function startPrinting(data: MatrixData, place: HTMLElement, shown: () => readonly number[]): void {
  let tables: HTMLElement | undefined;
  const begin = (): void => {
    if (tables !== undefined) return;
    tables = printTables(data, shown());
    place.after(tables);
  };
  const end = (): void => {
    tables?.remove();
    tables = undefined;
  };
  addEventListener("beforeprint", begin);
  addEventListener("afterprint", end);
  // Where a page is shown as if on paper, there are no events.
  matchMedia("print").addEventListener("change", ({ matches }) => (matches ? begin() : end()));
}
