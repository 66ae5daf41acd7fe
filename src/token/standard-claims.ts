import { CLIENT_CLAIMS } from "../policy/profiles.ts";
import type { Claims } from "./jws.ts";

/** The audience as a list (RFC 7519 4.1.3), or `undefined` if it is missing, empty or of another type. */
export function audienceOf({ aud }: Claims): readonly string[] | undefined {
  return audienceIn(aud);
}

/**
 * The audiences that the value of a claim names, in the form of `aud`. `undefined`: it is missing, empty or of another
 * type.
 */
export function audienceIn(value: unknown): readonly string[] | undefined {
  if (isFilledString(value)) return [value];
  return Array.isArray(value) && value.length > 0 && value.every(isFilledString) ? value : undefined;
}

/** The client that a token was issued to: the first of `CLIENT_CLAIMS` that is a filled string. */
export function clientOf(claims: Claims): string | undefined {
  for (const name of CLIENT_CLAIMS) {
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
