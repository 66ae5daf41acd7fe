/**
 * Longest name for which a similar one is looked for, in characters: comparing two costs the product of their lengths.
 */
const MAX_COMPARED_LENGTH = 256;

/**
 * The candidate that the author of `name` most likely meant, or `undefined` if none is near. Near means: one edit
 * (insert, delete, replace, or two neighbours swapped) for every four characters, at least one and at most three. Case
 * is ignored. For a name of more than `MAX_COMPARED_LENGTH` there is none.
 */
export function closest(name: string, candidates: Iterable<string>): string | undefined {
  if (name.length > MAX_COMPARED_LENGTH) return undefined;
  const wanted = name.toLowerCase();
  let best: string | undefined;
  let limit = Math.min(3, Math.max(1, Math.floor(name.length / 4)));
  for (const candidate of candidates) {
    const edits = distance(wanted, candidate.toLowerCase(), limit);
    if (edits > limit) continue;
    best = candidate;
    limit = edits - 1;
    if (limit < 0) break;
  }
  return best;
}

/** Most names that a hint lists. */
const MAX_LISTED_NAMES = 20;

/** A hint for an unknown name: the known name that it is close to or, if there is none, the known names. */
export function nameHint(name: string, known: readonly string[]): string {
  const meant = closest(name, known);
  if (meant !== undefined) return `Did you mean \`${meant}\`?`;
  const left = known.length - MAX_LISTED_NAMES;
  const more = left > 0 ? ` and ${left} more` : "";
  return `Known: ${known.slice(0, MAX_LISTED_NAMES).join(", ") || "none"}${more}.`;
}

/**
 * The edits between two texts, each character in at most one of them (optimal string alignment). A result above `limit`
 * only means that the distance is larger than `limit`.
 */
function distance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let above = Array.from({ length: b.length + 1 }, (_, column) => column);
  let twoAbove: readonly number[] = [];
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const replace = (above[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1);
      const isSwapped = a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      const swap = row > 1 && column > 1 && isSwapped ? (twoAbove[column - 2] ?? 0) + 1 : Infinity;
      current.push(Math.min(replace, swap, (above[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    if (Math.min(...current, ...above) > limit) return limit + 1;
    [twoAbove, above] = [above, current];
  }
  return above[b.length] ?? 0;
}
