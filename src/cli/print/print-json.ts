/** Prints the result of `--json` as one JSON value: sets as arrays, maps as objects. */
export function printJson(value: unknown): void {
  const plain = (_name: string, member: unknown): unknown =>
    member instanceof Set ? [...member] : member instanceof Map ? Object.fromEntries(member) : member;
  console.log(escapeInJson(JSON.stringify(value, plain, 2)));
}

/** Prints the text of a JSON file, without a line break at the end. */
export function printJsonText(text: string): void {
  process.stdout.write(escapeInJson(text));
}

/**
 * JSON with the control characters escaped that it allows as they are: DEL, C1, direction marks and separators of lines.
 * They can stand in strings only, so the value stays the same.
 */
function escapeInJson(json: string): string {
  return json.replace(
    /[\x7f-\x9f\p{Bidi_Control}\u2028\u2029]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
