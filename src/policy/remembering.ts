/**
 * The same function, which computes each value once. It keeps every key, so keys must be bounded, such as the
 * requirements of one policy. `undefined` and `null` are computed again each time.
 */
export function remembering<Key, Value>(compute: (key: Key) => Value): (key: Key) => Value {
  const known = new Map<Key, Value>();
  return (key) => {
    const value = known.get(key) ?? compute(key);
    known.set(key, value);
    return value;
  };
}
