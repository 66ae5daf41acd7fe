import { isMarkLetter } from "./marks.ts";
import type { MarkLetter, MatrixData } from "./matrix-data.ts";

/** Which rows to show. A row is shown if all that is given fits. */
export interface RowFilter {
  /**
   * Each word of it must be in what the row says, or in the name of a caller that may call it. Case does not matter.
   */
  readonly text: string;
  /** The index of a column: its caller must have `mark` or, without one, must be able to call. -1: any caller. */
  readonly column: number;
  /** A cell must have this mark: that of `column` or, without one, any. Left out: the mark does not matter. */
  readonly mark?: MarkLetter | undefined;
}

/** The filter that lets every row through. */
export const EVERY_ROW: RowFilter = { text: "", column: -1 };

/** Whether a cell with this mark says that its caller may call. */
export function mayCall(letter: string | undefined): boolean {
  return letter === "y" || letter === "i" || letter === "r";
}

/** Reads the filter from the query of the page's address. What has no meaning counts as not given. */
export function filterOfQuery(query: URLSearchParams, { columns }: Pick<MatrixData, "columns">): RowFilter {
  const caller = query.get("caller");
  const mark = query.get("mark");
  return {
    text: query.get("filter") ?? "",
    column: caller === null ? -1 : columns.findIndex(({ key }) => key === caller),
    mark: isMarkLetter(mark) ? mark : undefined,
  };
}

/**
 * Returns a function that finds the indexes of the rows that a filter lets through, in their order. What it compares is
 * made once, so that it is quick enough for every key that is pressed: a row costs one search in a text for each word,
 * and accesses are looked at once for all of their rows.
 */
export function rowFinder({
  rows,
  accesses,
  upstreams,
  columns,
}: MatrixData): (filter: RowFilter) => readonly number[] {
  const texts = rows.map(({ methods, path, hosts = "", access, upstream }) =>
    [methods, path, hosts, accesses[access]?.requirement, upstreams[upstream]].join("\n").toLowerCase(),
  );
  const names = columns.map(({ name, title = name }) => title.toLowerCase());
  return ({ text, column, mark }) => {
    const words = text.toLowerCase().split(/\s+/).filter(Boolean);
    const callers = words.map((word) => names.flatMap((name, at) => (name.includes(word) ? [at] : [])));
    const isShown = accesses.map(({ marks }) => hasMark(marks, column, mark));
    const called = callers.map((at) => accesses.map(({ marks }) => at.some((index) => mayCall(marks[index]))));
    const found: number[] = [];
    for (const [index, { access }] of rows.entries()) {
      if (!isShown[access]) continue;
      const said = texts[index] ?? "";
      if (words.every((word, at) => said.includes(word) || called[at]?.[access])) found.push(index);
    }
    return found;
  };
}

function hasMark(marks: string, column: number, mark: MarkLetter | undefined): boolean {
  if (column === -1) return mark === undefined || marks.includes(mark);
  return mark === undefined ? mayCall(marks[column]) : marks[column] === mark;
}
