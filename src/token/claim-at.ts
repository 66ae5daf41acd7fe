import type { ClaimPath } from "../policy/policy.ts";
import type { Claims } from "./jws.ts";

/**
 * The value at a path of member names and array indices (RFC 6901 4), or `undefined` if there is none. Looks at own
 * members only: a path such as `constructor` must not find something that the issuer did not write.
 */
export function claimAt(claims: Claims, path: ClaimPath): unknown {
  let value: unknown = claims;
  for (const step of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, step)) return undefined;
    if (Array.isArray(value) && step === "length") return undefined;
    value = (value as Record<string, unknown>)[step];
  }
  return value;
}
