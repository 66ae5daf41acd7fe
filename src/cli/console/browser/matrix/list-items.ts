import type { MatrixData } from "../../matrix/matrix-data.ts";

/** One line of the list: the heading of a group, or a row of the matrix. */
export type ListItem =
  | { readonly kind: "group"; readonly group: number /** Rows of it that are shown. */; readonly count: number }
  | { readonly kind: "row"; readonly row: number };

/** The shown rows with a heading above each group. A matrix of one group has none. */
export function listItems({ rows, groups }: MatrixData, shown: readonly number[]): readonly ListItem[] {
  if (groups.length < 2) return shown.map((row) => ({ kind: "row", row }));
  const items: ListItem[] = [];
  for (let at = 0; at < shown.length; ) {
    const group = groupOf(shown[at]);
    let end = at;
    while (end < shown.length && groupOf(shown[end]) === group) end += 1;
    items.push({ kind: "group", group, count: end - at });
    for (const row of shown.slice(at, end)) items.push({ kind: "row", row });
    at = end;
  }
  return items;

  function groupOf(row: number | undefined): number {
    return row === undefined ? -1 : (rows[row]?.group ?? -1);
  }
}
