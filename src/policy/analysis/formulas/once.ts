/** What two things have in common, made once for each pair of them. */
export function once<One, Other, Result>(
  known: Map<One, Map<Other, Result>>,
  one: One,
  other: Other,
  make: () => Result,
): Result {
  const byOther = known.get(one) ?? new Map<Other, Result>();
  known.set(one, byOther);
  const result = byOther.get(other) ?? make();
  byOther.set(other, result);
  return result;
}
