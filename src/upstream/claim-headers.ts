import { base64url } from "jose";
import type { ClaimHeader } from "../policy/policy.ts";
import type { Admission } from "../token/admit.ts";
import { claimAt, isFaithful } from "../token/claim-at.ts";

/**
 * The claim headers of a verified token, in the order of the policy. A claim that is absent or `null` has no header,
 * and neither have scopes if none is granted. The defaults are in `policy/compile/compile-claim-headers.ts`.
 */
export function claimHeaderFields(headers: readonly ClaimHeader[], token: Admission): readonly string[] {
  const fields: string[] = [];
  for (const { header, source } of headers) {
    const value =
      source.kind === "client"
        ? encodeClaim(token.clientId)
        : source.kind === "scopes"
          ? encodeClaim(token.granted.names.join(" ") || undefined)
          : source.kind === "tenant"
            ? token.tenant
            : encodeClaim(claimAt(token.claims, source.path));
    if (value !== undefined) fields.push(header, value);
  }
  // A list that has grown has room for more. A copy has not.
  return fields.slice();
}

/**
 * Makes the claim headers of one policy. They are built once for each verified token, and kept with it: a `WeakMap`
 * would cost each never-seen token a hundredth of its time, and more when garbage is collected.
 */
export function createClaimHeaders(headers: readonly ClaimHeader[]): (token: Admission) => readonly string[] {
  return (token) => {
    if (token.claimHeaders?.of !== headers) {
      token.claimHeaders = { of: headers, fields: claimHeaderFields(headers, token) };
    }
    return token.claimHeaders.fields;
  };
}

/** Characters that a header must not hold as they are, and `%`, which decoding would change. */
const UNSAFE = /[^\x20-\x7e]|%|^ | $/gu;
const UNSAFE_ITEM = /[^\x20-\x7e]|[%,]|^ | $/gu;
/** A text with none of `UNSAFE`: most claims are one, and to find that out is cheaper than to replace nothing. */
const SAFE = /^(?! )[\x20-\x24\x26-\x7e]*(?<! )$/;

/**
 * A claim as a header value: strings and numbers as they are, booleans as `true` / `false`, arrays joined by commas,
 * objects (also inside arrays) as base64url JSON. Characters outside printable ASCII, `%`, a space at either end, and
 * commas inside array items are percent-encoded as UTF-8, so that `decodeURIComponent` gives the value, or each item,
 * back.
 *
 * @returns the value, or `undefined` for a claim that is absent, `null`, nested deeper than `MAX_JSON_NESTING`, or that
 * holds a number that lost digits when the JSON was parsed: two callers could then have the same value
 */
export function encodeClaim(value: unknown): string | undefined {
  if (typeof value === "string" && SAFE.test(value)) return value;
  if (!isFaithful(value)) return undefined;
  if (!Array.isArray(value)) return percentEncode(textOf(value), UNSAFE);
  const items = value.filter((item) => item !== null);
  return items.map((item) => percentEncode(textOf(item), UNSAFE_ITEM)).join(",");
}

function textOf(value: unknown): string {
  return typeof value === "object" ? base64url.encode(JSON.stringify(value)) : String(value);
}

function percentEncode(text: string, unsafe: RegExp): string {
  // A lone surrogate has no UTF-8 form: `encodeURIComponent` would throw. It becomes U+FFFD.
  return text.toWellFormed().replace(unsafe, encodeURIComponent);
}
