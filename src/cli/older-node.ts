/**
 * What Node 20 lacks of the language. `scopegate create` has to run on it: only the project that it writes brings a
 * newer Node. The commands that need wrangler or miniflare want Node 22 all the same.
 */
Map.groupBy ??= function groupBy<Key, Item>(items: Iterable<Item>, keyOf: (item: Item, index: number) => Key) {
  const groups = new Map<Key, Item[]>();
  let index = 0;
  for (const item of items) {
    const key = keyOf(item, index);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
    index += 1;
  }
  return groups;
};

URL.parse ??= function parse(url: string, base?: string | URL) {
  return URL.canParse(url, base?.toString()) ? new URL(url, base) : null;
};

Set.prototype.isSubsetOf ??= function isSubsetOf(this: Set<unknown>, other: ReadonlySetLike<unknown>) {
  return [...this].every((item) => other.has(item));
};

Set.prototype.difference ??= function difference<Item>(this: Set<Item>, other: ReadonlySetLike<unknown>) {
  return new Set([...this].filter((item) => !other.has(item)));
};

export {};
