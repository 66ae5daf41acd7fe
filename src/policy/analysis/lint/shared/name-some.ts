/** How many names stand for all in a message. */
const MAX_EXAMPLES = 3;

/** Up to three names as `a, b and c`. */
export function nameSome(names: readonly string[]): string {
  const shown = names.slice(0, MAX_EXAMPLES);
  return shown.length < 2 ? shown.join() : `${shown.slice(0, -1).join(", ")} and ${shown.at(-1)}`;
}

/** Whether `nameSome` leaves out none of so many names. */
export function namesAll(count: number): boolean {
  return count <= MAX_EXAMPLES;
}
