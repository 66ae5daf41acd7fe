import { isEntityTag } from "../http/entity-tag.ts";
import { isNestedDeeper } from "../json/is-nested-deeper.ts";
import { isObject } from "../json/json-object.ts";
import { MAX_JSON_NESTING, MAX_JWKS_BYTES, MAX_RECORD_ENVELOPE_BYTES } from "../limits.ts";
import { TENANT } from "../policy/issuers/tenants.ts";
import type { Issuer } from "../policy/policy.ts";
import type { FetchedKeySet } from "./cached-key-set.ts";
import type { PublicJwk } from "./jwk/public-jwk.ts";

/**
 * An issuer's key set as KV stores it.
 *
 * ```
 * key    jwks:v1:<issuer name>:<first 16 hex digits of the SHA-256 of jwksUri; with tenants, of it and " {tenant}">
 * value  {
 *   "version": 1,
 *   "jwks": { "keys": [...] },   usable public keys only, reduced to kid, kty, alg and the key itself;
 *                                for an issuer with tenants also to issuer
 *   "fetchedAt": 1767225600000,  epoch milliseconds at which the issuer was asked
 *   "etag": "\"33a64df5\""       entity tag of the issuer's answer; only if the record has all keys of that answer
 * }
 * ```
 *
 * Freshness follows from `fetchedAt`; how long KV keeps the value has no meaning. A value of another version is not
 * read. The record does not tell which keys of the answer were skipped.
 */
export interface KeySetRecord {
  readonly version: 1;
  readonly jwks: { readonly keys: readonly PublicJwk[] };
  readonly fetchedAt: number;
  readonly etag?: string;
}

/** A record as it was read. The members of `keys` are unchecked until they are imported. */
export interface UncheckedRecord {
  readonly keys: readonly unknown[];
  /** Epoch milliseconds, never after `now`. */
  readonly fetchedAt: number;
  readonly etag: string | undefined;
}

/** Makes the record of an answer of the issuer. */
export function toRecord({ keys, fetchedAt, etag }: Pick<FetchedKeySet, "keys" | "fetchedAt" | "etag">): KeySetRecord {
  const jwks = { keys: Array.from(keys.keys(), (text): PublicJwk => JSON.parse(text)) };
  return { version: 1, jwks, fetchedAt, ...(etag === undefined ? {} : { etag }) };
}

/**
 * Reads a value of KV. Returns `undefined` for anything except a record of this version that is not from the future: a
 * writer of anything else is not trusted with keys. Does not check the keys themselves, nor the age. `now` is epoch
 * milliseconds.
 */
export function parseRecord(text: string, now: number): UncheckedRecord | undefined {
  if (text.length > MAX_JWKS_BYTES + MAX_RECORD_ENVELOPE_BYTES) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isObject(value) || value["version"] !== 1 || !isObject(value["jwks"])) return undefined;
  const { fetchedAt, etag } = value;
  const keys: unknown = value["jwks"]["keys"];
  // What `toRecord` writes is flat. The reader writes each key as JSON, which recurses.
  if (!Array.isArray(keys) || isNestedDeeper(keys, MAX_JSON_NESTING)) return undefined;
  if (typeof fetchedAt !== "number" || !Number.isSafeInteger(fetchedAt) || fetchedAt < 0 || fetchedAt > now) {
    return undefined;
  }
  if (etag !== undefined && !isEntityTag(etag)) return undefined;
  return { keys, fetchedAt, etag };
}

/**
 * Names an issuer's record in KV. Another `jwksUri` is another record, so a changed policy never reads old keys. An
 * issuer with tenants has a record of its own, too: one without them stores keys without the member that says whose
 * they are.
 */
export async function recordName({ name, jwksUri, tenants }: Issuer): Promise<string> {
  const source = tenants === undefined ? jwksUri : `${jwksUri} ${TENANT}`;
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(source));
  const hex = Array.from(new Uint8Array(digest, 0, 8), (byte) => byte.toString(16).padStart(2, "0")).join("");
  return `jwks:v1:${name}:${hex}`;
}
