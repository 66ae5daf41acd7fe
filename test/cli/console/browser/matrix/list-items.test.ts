import { expect, it } from "vitest";
import { listItems } from "../../../../../src/cli/console/browser/matrix/list-items.ts";
import type { MatrixData } from "../../../../../src/cli/console/matrix/matrix-data.ts";

const matrix = (groups: readonly string[], of: readonly number[]): MatrixData => ({
  ...{ columns: [], accesses: [], upstreams: [], groups },
  rows: of.map((group) => ({ methods: "GET", path: "/", access: 0, upstream: 0, group })),
});
const row = (at: number) => ({ kind: "row", row: at });
const group = (at: number, count: number) => ({ kind: "group", group: at, count });

it("has a heading above each group, with the number of rows that are shown", () => {
  const data = matrix(["/a", "/b", "/c"], [0, 0, 1, 2, 2]);
  expect(listItems(data, [0, 1, 2, 3, 4])).toEqual([
    ...[group(0, 2), row(0), row(1)],
    ...[group(1, 1), row(2)],
    ...[group(2, 2), row(3), row(4)],
  ]);
  expect(listItems(data, [1, 4])).toEqual([group(0, 1), row(1), group(2, 1), row(4)]);
  expect(listItems(data, [])).toEqual([]);
});

it("has no heading where all rows are of one group", () => {
  expect(listItems(matrix(["/a"], [0, 0]), [0, 1])).toEqual([row(0), row(1)]);
});
