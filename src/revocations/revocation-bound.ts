import { KV_LAG_SECONDS } from "../limits.ts";
import type { Revocation } from "../policy/policy.ts";

/**
 * The longest time, in seconds, from the write of an entry to KV until every isolate refuses the token, while reads of
 * KV succeed. While they fail, the list that an isolate has counts for
 * `maxStaleSeconds`: see `revocationBoundOfOutage`.
 */
export function revocationBound({ refreshSeconds }: Pick<Revocation, "refreshSeconds">): number {
  return refreshSeconds + KV_LAG_SECONDS;
}

/** The same if reads of KV fail; `undefined`: there is none, because the policy serves with a list of any age. */
export function revocationBoundOfOutage({ maxStaleSeconds, onStale }: Revocation): number | undefined {
  return onStale === "serve" ? undefined : maxStaleSeconds + KV_LAG_SECONDS;
}
