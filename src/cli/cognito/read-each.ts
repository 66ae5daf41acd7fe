import type { JsonObject } from "../../json/json-object.ts";
import { type Result, success } from "../../result.ts";

type Read = (value: unknown) => Result<unknown, string>;

/** Reads each of some values. The first failure is the result. */
export function readEach(values: readonly unknown[], read: Read): Result<readonly unknown[], string> {
  const found: unknown[] = [];
  for (const value of values) {
    const item = read(value);
    if (!item.ok) return item;
    found.push(item.value);
  }
  return success(found);
}

/** Reads the value of each member of an object. The first failure is the result. */
export function readMembers(object: JsonObject, read: Read): Result<JsonObject, string> {
  const values = readEach(Object.values(object), read);
  if (!values.ok) return values;
  return success(Object.fromEntries(Object.keys(object).map((name, index) => [name, values.value[index]])));
}
