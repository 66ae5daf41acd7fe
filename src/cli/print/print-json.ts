/** Characters after which a piece of the output is written. */
const PIECE_LENGTH = 65_536;

/**
 * Prints the result of `--json` as one JSON value: sets as arrays, maps as objects. The items of its arrays are written
 * one after the other, because all of them together may be longer than a string can be.
 */
export function printJson(value: unknown): void {
  let piece = "";
  for (const line of jsonLines(value)) {
    if (piece.length > PIECE_LENGTH) {
      console.log(escapeInJson(piece));
      piece = line;
    } else piece = piece === "" ? line : `${piece}\n${line}`;
  }
  console.log(escapeInJson(piece));
}

/** The lines of `JSON.stringify` with two spaces, some of them together. */
function* jsonLines(value: unknown): Generator<string, void, undefined> {
  if (typeof value !== "object" || value === null || value instanceof Set || Array.isArray(value)) {
    yield textOf(value) ?? "null";
    return;
  }
  const entries = Object.entries(value instanceof Map ? Object.fromEntries(value) : value);
  const members = entries.filter(([, member]) => member !== undefined);
  if (members.length === 0) yield "{}";
  else {
    yield "{";
    for (const [at, [name, member]] of members.entries()) {
      const comma = at < members.length - 1 ? "," : "";
      const items: readonly unknown[] = Array.isArray(member) ? member : [];
      if (items.length === 0) yield indented(`${JSON.stringify(name)}: ${textOf(member)}${comma}`, "  ");
      else {
        yield `  ${JSON.stringify(name)}: [`;
        for (const [index, item] of items.entries()) {
          yield indented(`${textOf(item) ?? "null"}${index < items.length - 1 ? "," : ""}`, "    ");
        }
        yield `  ]${comma}`;
      }
    }
    yield "}";
  }
}

function textOf(value: unknown): string | undefined {
  const plain = (_name: string, member: unknown): unknown =>
    member instanceof Set ? [...member] : member instanceof Map ? Object.fromEntries(member) : member;
  return JSON.stringify(value, plain, 2);
}

function indented(text: string, indentation: string): string {
  return indentation + text.replaceAll("\n", `\n${indentation}`);
}

/** Prints the text of a JSON file, without a line break at the end. */
export function printJsonText(text: string): void {
  process.stdout.write(escapeInJson(text));
}

/**
 * JSON with the control characters escaped that it allows as they are: DEL, C1, direction marks and separators of
 * lines. They can stand in strings only, so the value stays the same.
 */
function escapeInJson(json: string): string {
  return json.replace(
    /[\x7f-\x9f\p{Bidi_Control}\u2028\u2029]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
