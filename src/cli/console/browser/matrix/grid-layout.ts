/** The widths of the grid's columns, in pixels. */
export interface ColumnLayout {
  /** Layouts with the same key look the same. */
  readonly key: string;
  /** Whether the route has a line of its own above the marks. */
  readonly isNarrow: boolean;
  /** Whether the callers' names stand upright, because the columns are narrow. */
  readonly isUpright: boolean;
  /** For `grid-template-columns`. */
  readonly template: string;
  /** Width of what stays in sight on the left. */
  readonly pinned: number;
  /** Width of one caller's column. */
  readonly width: number;
  /** Where the columns of callers begin. */
  readonly before: number;
  /** Where a column begins and ends. `undefined`: it is always in sight. */
  readonly placeOf: (column: number) => { readonly start: number; readonly end: number } | undefined;
}

/** Callers by their indexes, from `first` to before `end`. */
export interface ColumnRange {
  readonly first: number;
  readonly end: number;
}

/** A view that is narrower has the route on a line of its own. */
const NARROW = 640;
/** Least widths of route, requirement and upstream. With 30 callers they fit into 1280 pixels. */
const [ROUTE, REQUIREMENT, UPSTREAM] = [270, 170, 84];
/** Least and greatest width of a caller's column, and from which on names do not stand upright. */
const [LEAST, GREATEST, FLAT] = [22, 120, 72];
/** Width of a caller's column where the view is narrow: a thumb needs more. */
const THUMB = 34;
/** As many callers are made at once. */
const STEP = 8;
/** So few callers are all made. */
const ALL = 64;

/** How the columns of some callers share the width of the view. */
export function columnLayout(view: number, callers: number): ColumnLayout {
  if (view < NARROW) {
    const width = clamp(Math.floor(view / callers), THUMB, GREATEST);
    return layoutOf({ view, callers, fixed: [], width, isNarrow: true });
  }
  const width = clamp(Math.floor((view - ROUTE - REQUIREMENT - UPSTREAM) / callers), LEAST, GREATEST);
  // What is left goes to the texts, to the route most.
  const left = Math.max(0, view - width * callers - ROUTE - REQUIREMENT - UPSTREAM);
  const [more, some] = [Math.floor(left * 0.5), Math.floor(left * 0.35)];
  const fixed = [ROUTE + more, REQUIREMENT + some, UPSTREAM + left - more - some];
  return layoutOf({ view, callers, fixed, width, isNarrow: false });
}

function layoutOf({ view, callers, fixed, width, isNarrow }: Widths): ColumnLayout {
  const before = fixed.reduce((sum, one) => sum + one, 0);
  const template = `${fixed.map((one) => `${one}px `).join("")}repeat(${callers}, ${width}px)`;
  const placeOf = (column: number) => {
    const at = column - 3;
    if (at >= 0) return { start: before + at * width, end: before + (at + 1) * width };
    if (isNarrow || column === 0) return undefined;
    const start = fixed.slice(0, column).reduce((sum, one) => sum + one, 0);
    return { start, end: start + (fixed[column] ?? 0) };
  };
  const pinned = fixed[0] ?? 0;
  return { key: `${view} ${template}`, isNarrow, isUpright: width < FLAT, template, pinned, width, before, placeOf };
}

interface Widths {
  readonly view: number;
  readonly callers: number;
  readonly fixed: readonly number[];
  readonly width: number;
  readonly isNarrow: boolean;
}

/** The callers to make elements for: those in sight and some more, or all if they are few. */
export function visibleCallers(
  { before, width }: Pick<ColumnLayout, "before" | "width">,
  scrolled: number,
  view: number,
  callers: number,
): ColumnRange {
  if (callers <= ALL) return { first: 0, end: callers };
  const first = Math.floor((scrolled - before) / width / STEP) - 1;
  const end = Math.ceil((scrolled - before + view) / width / STEP) + 1;
  return { first: clamp(first * STEP, 0, callers), end: clamp(end * STEP, 0, callers) };
}

function clamp(value: number, least: number, greatest: number): number {
  return Math.min(Math.max(value, least), greatest);
}
