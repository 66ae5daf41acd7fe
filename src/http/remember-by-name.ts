import { MAX_REMEMBERED_HEADER_NAME_LENGTH, MAX_REMEMBERED_HEADER_NAMES } from "../limits.ts";

/**
 * Remembers what a pure function says about header names, because the same names come with every message. It remembers
 * a bounded number of short names, because callers and upstreams choose them; any other name is looked up each time.
 */
export function rememberByName<Value>(lookup: (name: string) => Value): (name: string) => Value {
  const remembered = new Map<string, Value>();
  return (name) => {
    const known = remembered.get(name);
    if (known !== undefined || remembered.has(name)) return known as Value;
    const value = lookup(name);
    if (remembered.size < MAX_REMEMBERED_HEADER_NAMES && name.length <= MAX_REMEMBERED_HEADER_NAME_LENGTH) {
      remembered.set(name, value);
    }
    return value;
  };
}
