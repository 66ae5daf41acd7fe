import { MAX_MATRIX_CELLS } from "../../limits.ts";
import { InputError } from "../args/exit-code.ts";

/**
 * Refuses a matrix that nobody can read and that does not fit into memory.
 *
 * @param routes number of rows: routes, and entries of MCP routes
 * @param clients number of columns: registered clients, and values that grant scopes if they are asked for
 * @throws InputError they make more than `MAX_MATRIX_CELLS` cells
 */
export function checkMatrixSize(routes: number, clients: number): void {
  if (routes * clients <= MAX_MATRIX_CELLS) return;
  throw new InputError(
    `A matrix of ${routes} routes and ${clients} clients is too large: it has more than ${MAX_MATRIX_CELLS} cells. ` +
      "Ask `explain --client` about one client, or `prove` about many.",
  );
}
