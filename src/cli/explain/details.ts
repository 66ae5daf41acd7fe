/** One thing that a stage found, for people: a line in a terminal, an item on a page. */
export interface Detail {
  readonly text: string;
  /** Whether the caller meets it; left out: it is no part of the requirement. */
  readonly met?: boolean;
  /** Left out: the reader may rely on it. */
  readonly isDoubtful?: true;
  /** Its place in `sufficient` of the requirement; left out: it is not a set of scopes that would be enough. */
  readonly set?: number;
  /** What belongs below it. */
  readonly of?: readonly Detail[];
}

/** How many items of a list are shown. `--json` has all of them. */
export interface Limits {
  /** Names in one line, and parts of one group. */
  readonly names: number;
  /** Lines of one list. */
  readonly lines: number;
}

/** Longer lists would hide the rest of the explanation in a terminal. */
export const IN_TERMINAL: Limits = { names: 20, lines: 10 };

/** The first names of a list and the number of the others. */
export function firstNames(names: readonly string[], separator: string, most: number): string {
  const left = names.length - most;
  return names.slice(0, most).join(separator) + (left > 0 ? ` and ${left} more` : "");
}

/** Longest text that is shown in full, in UTF-16 code units. */
const MOST_CHARACTERS = 10_000;

/** A text that may hold a list of scopes, cut at a length that no usual one has. */
export function shortened(text: string): string {
  const left = text.length - MOST_CHARACTERS;
  return left > 0 ? `${text.slice(0, MOST_CHARACTERS)}... (and ${left} more characters)` : text;
}
