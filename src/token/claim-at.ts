import { isNestedDeeper } from "../json/is-nested-deeper.ts";
import { MAX_JSON_NESTING } from "../limits.ts";
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

/**
 * Whether a claim can be passed on as the issuer wrote it: it is there, it is not `null`, it is not nested deeper than
 * `MAX_JSON_NESTING`, and it holds no number that lost digits when the JSON was parsed. Two callers could have the same
 * value after such a loss.
 */
export function isFaithful(value: unknown): boolean {
  if (value === undefined || value === null || holdsRoundedNumber(value)) return false;
  return !isNestedDeeper(value, MAX_JSON_NESTING);
}

/** JSON has numbers of any size; JavaScript keeps integers exact only up to 2^53 (RFC 8259 6). */
function holdsRoundedNumber(value: unknown): boolean {
  const pending = [value];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (typeof next === "number" && (Number.isInteger(next) ? !Number.isSafeInteger(next) : !Number.isFinite(next))) {
      return true;
    }
    if (typeof next === "object" && next !== null) for (const inner of Object.values(next)) pending.push(inner);
  }
  return false;
}
