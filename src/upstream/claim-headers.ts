import { base64url } from "jose";
import type { ClaimHeader } from "../policy/policy.ts";
import type { Admission } from "../token/admit.ts";
import { claimAt } from "../token/claim-at.ts";

/** A header name in lower case and its value. */
export type HeaderField = readonly [name: string, value: string];

/**
 * The claim headers of a verified token, in the order of the policy. What is absent, `null` or no scope has no header.
 * To write another header for every policy, add it to the defaults in `policy/`; its value comes from here.
 */
export function claimHeaderFields(headers: readonly ClaimHeader[], token: Admission): readonly HeaderField[] {
  const fields: HeaderField[] = [];
  for (const { header, source } of headers) {
    const value =
      source.kind === "client"
        ? encodeClaim(token.clientId)
        : source.kind === "scopes"
          ? encodeClaim(token.granted.names.join(" ") || undefined)
          : encodeClaim(claimAt(token.claims, source.path));
    if (value !== undefined) fields.push([header, value]);
  }
  return fields;
}

/** Makes `claimHeaderFields` of one policy, which works them out once for each verified token that is remembered. */
export function createClaimHeaders(headers: readonly ClaimHeader[]): (token: Admission) => readonly HeaderField[] {
  const remembered = new WeakMap<Admission, readonly HeaderField[]>();
  return (token) => {
    const known = remembered.get(token);
    if (known !== undefined) return known;
    const fields = claimHeaderFields(headers, token);
    remembered.set(token, fields);
    return fields;
  };
}

/** What must not stand in a header as it is, and the `%` that decoding would change. */
const UNSAFE = /[^\x20-\x7e]|%|^ | $/gu;
const UNSAFE_ITEM = /[^\x20-\x7e]|[%,]|^ | $/gu;

/**
 * A claim as a header value: strings and numbers as they are, booleans `true` / `false`, arrays joined by commas,
 * objects (also inside arrays) as base64url JSON. What is not printable ASCII, `%`, a space at either end and a comma
 * inside an array item is percent-encoded as UTF-8, so that `decodeURIComponent` gives the value, or each item, back.
 *
 * @returns the value, or `undefined` for an absent or `null` claim, and for one that holds a number which was rounded
 * when it was read: two callers could come out as one
 */
export function encodeClaim(value: unknown): string | undefined {
  if (value === undefined || value === null || holdsRoundedNumber(value)) return undefined;
  if (!Array.isArray(value)) return percentEncode(textOf(value), UNSAFE);
  const items = value.filter((item) => item !== null);
  return items.map((item) => percentEncode(textOf(item), UNSAFE_ITEM)).join(",");
}

/** JSON has numbers of any size, JavaScript exact integers up to 2^53 only (RFC 8259 6). */
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

function textOf(value: unknown): string {
  return typeof value === "object" ? base64url.encode(JSON.stringify(value)) : String(value);
}

function percentEncode(text: string, unsafe: RegExp): string {
  // A lone surrogate has no UTF-8 form; it becomes U+FFFD instead of an exception.
  return text.toWellFormed().replace(unsafe, encodeURIComponent);
}
