import type { MarkLetter } from "./matrix-data.ts";

/** What one mark of the matrix looks like and means. */
export interface Mark {
  /** The class of its cells. */
  readonly name: string;
  /** A sign as well as a colour, because not everybody sees colours, and paper may not have them. */
  readonly sign: string;
  /** What the sign says of one caller. */
  readonly word: string;
  /** What the legend says of it. */
  readonly meaning: string;
}

/** All marks, in the order of the legend. */
export const MARKS: Readonly<Record<MarkLetter, Mark>> = {
  y: { name: "yes", sign: "\u2713", word: "yes", meaning: "may call" },
  i: { name: "if", sign: "if", word: "if conditions are met", meaning: "may call if the conditions are met" },
  r: {
    name: "reports",
    sign: "\u25cb",
    word: "yes, the route only reports",
    meaning: "may call: the route only reports what it would refuse",
  },
  u: {
    name: "unenforced",
    sign: "(\u2013)",
    word: "no, but not enforced",
    meaning: "may not call by its registration, which the gateway does not enforce",
  },
  n: { name: "no", sign: "\u2013", word: "no", meaning: "may not call" },
};

/** The letters of all marks, in the same order. */
export const MARK_LETTERS = Object.keys(MARKS) as readonly MarkLetter[];

/** The mark of a letter. A letter that is none counts as `no`. */
export function markOf(letter: string | undefined): Mark {
  return MARKS[isMarkLetter(letter) ? letter : "n"];
}

/** Whether a text is the letter of a mark. */
export function isMarkLetter(text: string | null | undefined): text is MarkLetter {
  return text !== undefined && text !== null && Object.hasOwn(MARKS, text);
}
