import type { Claims } from "./jws.ts";

/** The audience as a list (RFC 7519 4.1.3), or `undefined` if it is missing, empty or of another type. */
export function audienceOf(claims: Claims): readonly string[] | undefined {
  const { aud } = claims;
  if (isFilledString(aud)) return [aud];
  return Array.isArray(aud) && aud.length > 0 && aud.every(isFilledString) ? aud : undefined;
}

/**
 * The client that a token was issued to: the first of `client_id`, `azp`, `cid` and `appid` that is a filled string.
 */
export function clientOf(claims: Claims): string | undefined {
  for (const name of ["client_id", "azp", "cid", "appid"]) {
    const value = claims[name];
    if (isFilledString(value)) return value;
  }
  return undefined;
}

/** Whether a claim is a string with at least one character. */
export function isFilledString(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}

/** Whether a claim is a number that can be computed with: JSON such as `1e999` is read as infinity. */
export function isFiniteNumber(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value);
}
