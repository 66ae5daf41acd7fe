import { endOf, endOfString } from "./tokens.ts";

/** A member name or an index. */
type Step = string | number;

/**
 * The place of a value in a JSON text. Offsets are in UTF-16 code units. It reads its entries when they are asked for,
 * because the places of a large file take more memory than the file, and few of them are needed.
 */
export class Place {
  /** Where its entry begins: at the name of a member, otherwise at the value itself. */
  readonly offset: number;
  /** Where the value begins. */
  readonly start: number;
  readonly #text: string;
  readonly #read = new Map<Step, Place>();
  #unread: Iterator<readonly [Step, Place]> | undefined;

  constructor(text: string, offset: number, start: number) {
    this.#text = text;
    this.offset = offset;
    this.start = start;
  }

  /** One further than the last character of the value. */
  get end(): number {
    return endOfValue(this.#text, this.start);
  }

  /** The entries of an object or array by member name or index, in the order of the text. */
  get inside(): ReadonlyMap<Step, Place> {
    while (this.#readNext());
    return this.#read;
  }

  /** The entry with this name or index; `undefined`: there is none. */
  at(step: Step): Place | undefined {
    while (!this.#read.has(step) && this.#readNext());
    return this.#read.get(step);
  }

  /** Whether there was one more entry. */
  #readNext(): boolean {
    this.#unread ??= entriesOf(this.#text, this.start);
    const next = this.#unread.next();
    if (next.done) return false;
    this.#read.set(...next.value);
    return true;
  }
}

/**
 * The place of the whole value of a JSON text. The text must be valid: it is not checked again. Recurses nowhere, so
 * the text may be nested to any depth.
 */
export function rootPlace(text: string): Place {
  const start = endOf(WHITE_SPACE, text, 0);
  return new Place(text, start, start);
}

/** The place of the value at a path of member names and indices, or else of the nearest value around it. */
export function placeAt(root: Place, path: readonly Step[]): { place: Place; isExact: boolean } {
  let place = root;
  for (const step of path) {
    const inner = place.at(step);
    if (inner === undefined) return { place, isExact: false };
    place = inner;
  }
  return { place, isExact: true };
}

const WHITE_SPACE = /[\t\n\r ]*/y;
const AFTER_NAME = /[\t\n\r :]*/y;
const AFTER_ENTRY = /[\t\n\r ,]*/y;
const LITERAL = /[^\t\n\r ,\]}]*/y;

/** The entries of an object or array. The end of each is looked for only if the next one is asked for. */
function* entriesOf(text: string, start: number): Generator<readonly [Step, Place], void, undefined> {
  const isObject = text[start] === "{";
  if (!isObject && text[start] !== "[") return;
  let offset = endOf(WHITE_SPACE, text, start + 1);
  for (let index = 0; offset < text.length && text[offset] !== "}" && text[offset] !== "]"; index += 1) {
    const nameEnd = isObject ? endOfString(text, offset) : offset;
    const place = new Place(text, offset, isObject ? endOf(AFTER_NAME, text, nameEnd) : offset);
    yield [isObject ? String(JSON.parse(text.slice(offset, nameEnd))) : index, place];
    offset = endOf(AFTER_ENTRY, text, place.end);
  }
}

function endOfValue(text: string, start: number): number {
  let depth = 0;
  let at = start;
  do {
    const character = text[at];
    if (character === '"') at = endOfString(text, at);
    else if (character === "{" || character === "[") {
      depth += 1;
      at += 1;
    } else if (character === "}" || character === "]") {
      depth -= 1;
      at += 1;
    } else if (depth === 0) return endOf(LITERAL, text, at);
    else at += 1;
  } while (depth > 0 && at < text.length);
  return at;
}
