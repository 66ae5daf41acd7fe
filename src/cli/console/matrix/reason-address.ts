import type { MatrixData, MatrixRow } from "./matrix-data.ts";

/** The address of the reason of a cell; `undefined`: there is none. */
export function reasonAddress(
  { accesses, columns }: Pick<MatrixData, "accesses" | "columns">,
  { query, access }: Pick<MatrixRow, "access"> & { readonly query?: string | undefined },
  column: number,
): string | undefined {
  if (query === undefined) return undefined;
  const [caller, client] = [columns[column]?.query, accesses[access]?.clientQueries?.[column]];
  return `/why?${[query, caller, client].filter((part) => part !== undefined).join("&")}`;
}
