import { placeAt, rootPlace } from "./places.ts";

/** Entries to add at the end of an object or array. */
export interface Insertion {
  /** The place of the object or array: members and indices from the root. */
  readonly path: readonly (string | number)[];
  /** Each value with its member name, which is `undefined` in an array. */
  readonly entries: readonly (readonly [name: string | undefined, value: unknown])[];
}

/** Longest line that is written for one value. A longer value is spread over several lines. */
const LINE_WIDTH = 120;

/**
 * Adds entries to a JSON text and leaves the rest as it is, white space and spelling included.
 *
 * Writes values recursively, so the caller bounds how deep they are nested: those that imports write have a few levels.
 *
 * @param text valid JSON: it is not checked again
 * @throws TypeError if there is no object or array at the path, unless there is nothing to add
 */
export function insertJson(text: string, { path, entries }: Insertion): string {
  if (entries.length === 0) return text;
  const { place, isExact } = placeAt(rootPlace(text), path);
  if (!isExact || !/[[{]/.test(text.charAt(place.start))) {
    throw new TypeError(`There is no object or array at ${path.join(".")}.`);
  }
  const entriesBefore = [...place.inside.values()];
  const [first] = entriesBefore;
  const last = entriesBefore.at(-1);
  const eol = text.includes("\r\n") ? "\r\n" : "\n";
  const isSpread = first === undefined || /[\r\n]/.test(text.slice(place.start, first.offset));
  const outer = indentationAt(text, place.start);
  const inner = first === undefined || !isSpread ? `${outer}  ` : indentationAt(text, first.offset);
  const written = entries.map(([name, value]) => {
    const prefix = name === undefined ? "" : `${JSON.stringify(name)}: `;
    return prefix + valueText(value, inner, LINE_WIDTH - inner.length - prefix.length - 1, eol);
  });
  const separator = isSpread ? `,${eol}${inner}` : ", ";
  if (last !== undefined) {
    return text.slice(0, last.end) + separator + written.join(separator) + text.slice(last.end);
  }
  const head = text.slice(0, place.start + 1);
  return `${head}${eol}${inner}${written.join(separator)}${eol}${outer}${text.slice(place.end - 1)}`;
}

/** The indentation of the line that an offset is on. */
function indentationAt(text: string, offset: number): string {
  const start = text.lastIndexOf("\n", offset - 1) + 1;
  return /^[ \t]*/.exec(text.slice(start, offset))?.[0] ?? "";
}

/** The value on one line if it fits, otherwise with each entry on its own line. */
function valueText(value: unknown, indentation: string, width: number, eol: string): string {
  const inline = inlineText(value);
  if (inline.length <= width || typeof value !== "object" || value === null) return inline;
  const inner = `${indentation}  `;
  const lines = Object.entries(value).map(([name, member]) => {
    const prefix = Array.isArray(value) ? "" : `${JSON.stringify(name)}: `;
    return `${inner}${prefix}${valueText(member, inner, LINE_WIDTH - inner.length - prefix.length - 1, eol)}`;
  });
  const [open, close] = Array.isArray(value) ? "[]" : "{}";
  return [open, lines.join(`,${eol}`), `${indentation}${close}`].join(eol);
}

/** The value on one line, spaced as people write it. */
function inlineText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inlineText).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(([name, member]) => `${JSON.stringify(name)}: ${inlineText(member)}`);
  return members.length > 0 ? `{ ${members.join(", ")} }` : "{}";
}
