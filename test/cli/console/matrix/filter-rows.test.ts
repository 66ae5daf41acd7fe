import { describe, expect, it } from "vitest";
import { EVERY_ROW, filterOfQuery, type RowFilter, rowFinder } from "../../../../src/cli/console/matrix/filter-rows.ts";
import type { MatrixData } from "../../../../src/cli/console/matrix/matrix-data.ts";

const DATA: MatrixData = {
  columns: [
    { key: "anyone", name: "anyone" },
    { key: "client 4kq7", name: "Web-Shop", title: "4kq7 (Web-Shop)" },
    { key: "client batch", name: "batch" },
  ],
  accesses: [
    { requirement: "read:orders", marks: "nyi" },
    { requirement: "public until 2027-01-31, then read:orders", marks: "rrr" },
    { requirement: "write:orders", marks: "nun" },
  ],
  upstreams: ["main", "Other"],
  groups: ["/"],
  rows: [
    { methods: "GET", path: "/orders", access: 0, upstream: 0, group: 0 },
    { methods: "POST PUT", path: "/orders/:id", access: 2, upstream: 0, group: 0 },
    { methods: "GET", path: "/Stock", hosts: "b.example", access: 1, upstream: 1, group: 0 },
  ],
};
const find = rowFinder(DATA);

describe("the filter", () => {
  it.each<{ name: string; filter: Partial<RowFilter>; rows: readonly number[] }>([
    { name: "lets all through", filter: {}, rows: [0, 1, 2] },
    { name: "ignores blanks", filter: { text: "  " }, rows: [0, 1, 2] },
    { name: "finds a path, in any case", filter: { text: "/STOCK" }, rows: [2] },
    { name: "finds a method", filter: { text: "put" }, rows: [1] },
    { name: "finds a host", filter: { text: "b.example" }, rows: [2] },
    { name: "finds a requirement", filter: { text: "write:" }, rows: [1] },
    { name: "finds an upstream", filter: { text: "other" }, rows: [2] },
    { name: "finds what a caller may call, also with conditions", filter: { text: "batch" }, rows: [0, 2] },
    { name: "finds what a caller of this name may call", filter: { text: "web-" }, rows: [0, 2] },
    { name: "finds it by the key of the client, too", filter: { text: "4KQ7" }, rows: [0, 2] },
    { name: "needs every word", filter: { text: "get read: orders/" }, rows: [] },
    { name: "takes words in any order", filter: { text: "orders batch get" }, rows: [0, 2] },
    { name: "does not find a word across two texts", filter: { text: "put/orders" }, rows: [] },
    { name: "takes what a caller may call", filter: { column: 1 }, rows: [0, 2] },
    { name: "takes what anyone may call", filter: { column: 0 }, rows: [2] },
    { name: "takes rows with a mark", filter: { mark: "u" }, rows: [1] },
    { name: "takes rows where this caller has the mark", filter: { column: 2, mark: "u" }, rows: [] },
    { name: "takes rows that only report", filter: { mark: "r" }, rows: [2] },
    { name: "takes all of it together", filter: { text: "get", column: 2, mark: "i" }, rows: [0] },
  ])("$name", ({ filter, rows }) => {
    expect(find({ ...EVERY_ROW, ...filter })).toEqual(rows);
  });
});

describe("the filter in an address", () => {
  it.each<{ query: string; filter: RowFilter }>([
    { query: "", filter: EVERY_ROW },
    { query: "filter=a+b&caller=client+batch&mark=u", filter: { text: "a b", column: 2, mark: "u" } },
    { query: "caller=batch&mark=constructor", filter: EVERY_ROW },
    { query: "caller=&mark=", filter: EVERY_ROW },
  ])("$query", ({ query, filter }) => {
    expect(filterOfQuery(new URLSearchParams(query), DATA)).toEqual(filter);
  });
});
