import { expect, it } from "vitest";
import { InputError } from "../../../src/cli/args/exit-code.ts";
import { checkMatrixSize } from "../../../src/cli/matrix/matrix-size.ts";
import { MAX_MATRIX_CELLS } from "../../../src/limits.ts";

it.each([
  { name: "no clients", routes: 1_000_000, clients: 0 },
  { name: "as many cells as fit", routes: MAX_MATRIX_CELLS / 10, clients: 10 },
])("lets a matrix of $name pass", ({ routes, clients }) => {
  expect(() => checkMatrixSize(routes, clients)).not.toThrow();
});

it("refuses a matrix of one client more, and says what to ask", () => {
  expect(() => checkMatrixSize(MAX_MATRIX_CELLS / 10, 11)).toThrow(
    new InputError(
      "A matrix of 1000000 routes and 11 clients is too large: it has more than 10000000 cells. " +
        "Ask `explain --client` about one client, or `prove` about many.",
    ),
  );
});
