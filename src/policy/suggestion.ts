/**
 * The candidate that `name` is most likely a slip of the pen for, or `undefined` when none is near: at most one edit
 * (insert, delete, replace) for every four characters, three in all, case ignored.
 */
export function closest(name: string, candidates: Iterable<string>): string | undefined {
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

/** Levenshtein distance; any number above `limit` stands for "more than that". */
function distance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let above = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const replace = (above[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1);
      current.push(Math.min(replace, (above[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    if (Math.min(...current) > limit) return limit + 1;
    above = current;
  }
  return above[b.length] ?? 0;
}
