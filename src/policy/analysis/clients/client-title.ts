import type { Policy } from "../../policy.ts";

/**
 * What stands behind a client's key for people: ` (Web shop)`. Empty if the client has no name, or one that says the
 * same. The key stays in sight, because it alone says which client is meant: names may be shared.
 *
 * @param key the client's key in `clients`
 */
export function clientTitle(key: string, { clientNames }: Pick<Policy, "clientNames">): string {
  const name = clientNames?.get(key);
  return name === undefined || name === key ? "" : ` (${name})`;
}
