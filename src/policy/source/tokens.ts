/** A token of a JSON text (RFC 8259 2). */
export interface JsonToken {
  /**
   * A bracket, colon or comma stands for itself. `literal` is a number, `true`, `false` or `null`. The last token is
   * `end`, or `unexpected` where no token begins: the rest of the text is not read then.
   */
  readonly kind: "{" | "}" | "[" | "]" | ":" | "," | "string" | "literal" | "end" | "unexpected";
  /** Its spelling in the text; empty for `end` and `unexpected`. */
  readonly text: string;
  /** Where it begins, in UTF-16 code units. */
  readonly offset: number;
}

const WHITE_SPACE = /[\t\n\r ]*/y;
const TOKEN =
  /([{}[\],:])|("(?:[^"\\\p{Cc}]|[\x7f-\x9f]|\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4}))*")|(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.+-])/uy;

/**
 * The tokens of a text, one after the other. Whether they form a JSON value is not checked: see `parseJson`. Linear.
 */
export function* jsonTokens(text: string): Generator<JsonToken, void, undefined> {
  for (let from = 0; ; ) {
    const offset = endOf(WHITE_SPACE, text, from);
    TOKEN.lastIndex = offset;
    const [token, mark, string] = TOKEN.exec(text) ?? [];
    if (token === undefined) {
      yield { kind: offset === text.length ? "end" : "unexpected", text: "", offset };
      return;
    }
    const kind = (mark as JsonToken["kind"] | undefined) ?? (string === undefined ? "literal" : "string");
    yield { kind, text: token, offset };
    from = offset + token.length;
  }
}

/**
 * Where a string of a valid JSON text ends: one further than its closing quote.
 *
 * @param start the offset of its opening quote
 */
export function endOfString(text: string, start: number): number {
  for (let quote = text.indexOf('"', start + 1); quote !== -1; quote = text.indexOf('"', quote + 1)) {
    let slashes = 0;
    while (text[quote - 1 - slashes] === "\\") slashes += 1;
    if (slashes % 2 === 0) return quote + 1;
  }
  return text.length;
}

/** Where a sticky pattern, which must be able to match nothing, stops matching from an offset on. */
export function endOf(pattern: RegExp, text: string, from: number): number {
  pattern.lastIndex = from;
  pattern.test(text);
  return pattern.lastIndex;
}
