/** The script of "Who may call what", in the console and in the file of `matrix --html`. */

import { rowFinder } from "../matrix/filter-rows.ts";
import type { MatrixData } from "../matrix/matrix-data.ts";
import { startFilters } from "./matrix/filters.ts";
import { keepPlace } from "./matrix/kept-place.ts";
import { MatrixGrid } from "./matrix/matrix-grid.ts";
import { startPrinting } from "./matrix/printing.ts";

const data = document.getElementById("matrix-data");
const place = document.getElementById("matrix");
const form = document.getElementById("matrix-filters");
if (data && place && form instanceof HTMLFormElement) {
  const matrix: MatrixData = JSON.parse(data.textContent ?? "");
  const find = rowFinder(matrix);
  const grid = new MatrixGrid(matrix, place, document.getElementById("cell"));
  startFilters(form, matrix, (filter) => {
    const found = find(filter);
    grid.show(found, filter.column);
    return found.length;
  });
  keepPlace(matrix, grid);
  startPrinting(matrix, place, () => grid.shown);
}
