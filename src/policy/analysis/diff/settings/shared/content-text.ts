/** A text that two values have in common exactly if they are the same. For JSON values; `undefined` is `not set`. */
export function textOf(value: unknown): string {
  return JSON.stringify(value) ?? "not set";
}

/**
 * Like `textOf`, but the order of arrays and sets does not count. Takes sets inside JSON values, and no maps.
 * Recursive: parts of a policy are never nested deeply.
 */
export function unorderedText(value: unknown): string {
  if (value instanceof Set || Array.isArray(value)) return `[${Array.from(value, unorderedText).sort().join()}]`;
  if (typeof value !== "object" || value === null) return textOf(value);
  const members = Object.entries(value).map(([name, member]) => `${name}:${unorderedText(member)}`);
  return `{${members.sort().join()}}`;
}

/** Whether two values are the same if the order of arrays and sets does not count. */
export function isSameContent(one: unknown, other: unknown): boolean {
  return unorderedText(one) === unorderedText(other);
}
