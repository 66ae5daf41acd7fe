/** Where results are kept: a `Map` or a `WeakMap`. */
interface Known<Key, Value> {
  get(key: Key): Value | undefined;
  set(key: Key, value: Value): unknown;
}

/** What two things have in common, made once for each pair of them. */
export function once<One, Other, Result>(
  known: Known<One, Map<Other, Result>>,
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
