/** What two sides have in common, made once for each pair of them. */
export function once<Side, Result>(
  known: Map<Side, Map<Side, Result>>,
  before: Side,
  after: Side,
  make: () => Result,
): Result {
  const byAfter = known.get(before) ?? new Map<Side, Result>();
  known.set(before, byAfter);
  const result = byAfter.get(after) ?? make();
  byAfter.set(after, result);
  return result;
}
