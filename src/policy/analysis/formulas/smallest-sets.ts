/**
 * Finds the sets that contain no other of the sets. Of equal sets the first counts. Near-linear for sets that have few
 * members in common, because a set is compared only with those whose rarest member it has.
 *
 * @returns the places of these sets: smaller sets first, otherwise in their order
 */
export function smallestSets(sets: readonly ReadonlySet<string>[]): readonly number[] {
  const frequency = new Map<string, number>();
  for (const set of sets) for (const member of set) frequency.set(member, (frequency.get(member) ?? 0) + 1);
  const byRarest = new Map<string | undefined, ReadonlySet<string>[]>();
  const kept: number[] = [];
  const seen = new Set<string>();
  const bySize = Array.from(sets.entries()).sort(([, one], [, other]) => one.size - other.size);
  for (const [at, set] of bySize) {
    const key = JSON.stringify([...set].sort());
    if (seen.has(key) || containsOneOf(set, byRarest)) continue;
    seen.add(key);
    kept.push(at);
    const rarest = rarestOf(set, frequency);
    const alike = byRarest.get(rarest) ?? [];
    alike.push(set);
    byRarest.set(rarest, alike);
  }
  return kept;
}

/** @param byRarest smaller sets first */
function containsOneOf(
  set: ReadonlySet<string>,
  byRarest: ReadonlyMap<string | undefined, readonly ReadonlySet<string>[]>,
): boolean {
  // The empty set has no rarest member, and all sets contain it.
  for (const member of [undefined, ...set]) {
    for (const candidate of byRarest.get(member) ?? []) {
      if (candidate.size >= set.size) break;
      if (candidate.isSubsetOf(set)) return true;
    }
  }
  return false;
}

function rarestOf(set: ReadonlySet<string>, frequency: ReadonlyMap<string, number>): string | undefined {
  let rarest: string | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const member of set) {
    const count = frequency.get(member) ?? 0;
    if (count < least) [rarest, least] = [member, count];
  }
  return rarest;
}
