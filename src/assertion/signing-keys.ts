import { base64url } from "jose";
import { isEd25519PublicKey } from "../keys/jwk/ed25519-point.ts";
import { MAX_ASSERTION_KEYS, MAX_KID_LENGTH } from "../limits.ts";
import type { AssertionAlgorithm } from "../policy/upstream.ts";
import { failure, type Result, success } from "../result.ts";

/** The public half of a key, as `/_gateway/jwks.json` publishes it (RFC 7517 4). */
export type PublishedJwk = { readonly kid: string; readonly use: "sig"; readonly alg: AssertionAlgorithm } & (
  | { readonly kty: "EC"; readonly crv: "P-256"; readonly x: string; readonly y: string }
  | { readonly kty: "OKP"; readonly crv: "Ed25519"; readonly x: string }
);

/** One key of the secret, in its right form. Whether its halves belong together is not known yet. */
export interface ParsedSigningKey {
  readonly published: PublishedJwk;
  /** The private half. Never logged or printed. */
  readonly d: string;
}

/** Keys that are ready to use. */
export interface SigningKeys {
  /** All public halves, in the order of the secret. */
  readonly published: readonly PublishedJwk[];
  /** The JOSE header of each assertion, encoded. */
  readonly header: string;
  readonly algorithm: AssertionAlgorithm;
  /** The private half of the first key. */
  readonly key: CryptoKey;
}

/** The parameters for WebCrypto by JWS algorithm (RFC 7518 3.4, RFC 8037 3.1). */
export const SIGNATURE_PARAMETERS = {
  ES256: { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" },
  EdDSA: { name: "Ed25519" },
} as const satisfies Readonly<Record<AssertionAlgorithm, object>>;

const COORDINATE_BYTES = 32;

/**
 * Parses the secret: a private JWK Set as JSON (RFC 7517 5). Every key must be usable, because a verifier would miss
 * one that is left out. The first must fit `algorithm`. The others may be for the other algorithm, so that a policy can
 * change it. `importSigningKeys` checks what only the crypto layer knows.
 *
 * @returns the keys in their order, or the end of a sentence about the secret. It repeats nothing of the secret.
 */
export function parseSigningKeys(
  text: string,
  algorithm: AssertionAlgorithm,
): Result<readonly ParsedSigningKey[], string> {
  const entries = keysIn(text);
  if (entries === undefined) return failure('is not a JWK Set: { "keys": [ ... ] }.');
  if (entries.length === 0) return failure("has no key.");
  if (entries.length > MAX_ASSERTION_KEYS) return failure(`has more than ${MAX_ASSERTION_KEYS} keys.`);
  const keys: ParsedSigningKey[] = [];
  const kids = new Set<string>();
  for (const [index, entry] of entries.entries()) {
    const key = parseKey(entry);
    if (!key.ok) return failure(`has a key, number ${index + 1}, that ${key.failure}`);
    const { kid } = key.value.published;
    // A verifier that looks a key up by its `kid` would take one for the other.
    if (kids.has(kid)) return failure("has two keys with one `kid`.");
    kids.add(kid);
    keys.push(key.value);
  }
  if (keys[0]?.published.alg !== algorithm) return failure(`has a first key that is not for ${algorithm}.`);
  return success(keys);
}

function keysIn(text: string): readonly unknown[] | undefined {
  try {
    const set: unknown = JSON.parse(text);
    const keys: unknown = typeof set === "object" && set !== null ? Reflect.get(set, "keys") : undefined;
    return Array.isArray(keys) ? keys : undefined;
  } catch {
    // The error may quote the secret.
    return undefined;
  }
}

function parseKey(entry: unknown): Result<ParsedSigningKey, string> {
  if (typeof entry !== "object" || entry === null || Array.isArray(entry)) return failure("is not an object.");
  const { kid, kty, crv, x, y, d, use, alg, key_ops: operations } = entry as Readonly<Record<string, unknown>>;
  if (typeof kid !== "string" || kid === "") return failure("has no `kid`.");
  if (kid.length > MAX_KID_LENGTH) return failure(`has a \`kid\` of more than ${MAX_KID_LENGTH} characters.`);
  const fits = kty === "EC" && crv === "P-256" ? "ES256" : kty === "OKP" && crv === "Ed25519" ? "EdDSA" : undefined;
  if (fits === undefined) return failure("is neither a P-256 nor an Ed25519 key.");
  if (alg !== undefined && alg !== fits) return failure("has an `alg` of another kind of key.");
  if (use !== undefined && use !== "sig") return failure("has another `use` than `sig`.");
  if (operations !== undefined && !(Array.isArray(operations) && operations.includes("sign"))) {
    return failure("has `key_ops` without `sign`.");
  }
  if (d === undefined) return failure("has no private half.");
  if (!isCoordinate(d) || !isCoordinate(x) || (fits === "ES256" && !isCoordinate(y))) {
    return failure("has a member of the wrong length or encoding.");
  }
  const common = { kid, use: "sig", alg: fits, x } as const;
  if (fits === "ES256") {
    return success({ published: { ...common, kty: "EC", crv: "P-256", y: String(y) }, d });
  }
  // With such a point anyone can make signatures, and no crypto layer refuses it.
  if (!isEd25519PublicKey(base64url.decode(x))) return failure("has a public half that is no key.");
  return success({ published: { ...common, kty: "OKP", crv: "Ed25519" }, d });
}

/** RFC 7518 6.2.1.2, 6.2.2.1 and RFC 8037 2: 32 bytes in strict base64url. */
function isCoordinate(text: unknown): text is string {
  if (typeof text !== "string" || !/^[\w-]{43}$/.test(text)) return false;
  const bytes = base64url.decode(text);
  return bytes.length === COORDINATE_BYTES && base64url.encode(bytes) === text;
}

/**
 * Imports the keys. Each must verify with its public half what it signs with its private one: otherwise upstreams would
 * refuse every assertion once that key signs.
 *
 * @returns the keys, or the end of a sentence about the secret
 */
export async function importSigningKeys(parsed: readonly ParsedSigningKey[]): Promise<Result<SigningKeys, string>> {
  const keys: CryptoKey[] = [];
  for (const [index, { published, d }] of parsed.entries()) {
    const key = await importPair(published, d).catch(() => undefined);
    if (key === undefined) return failure(`has a key, number ${index + 1}, whose halves do not belong together.`);
    keys.push(key);
  }
  const [first] = parsed;
  const [key] = keys;
  if (first === undefined || key === undefined) return failure("has no key.");
  const { kid, alg } = first.published;
  const header = base64url.encode(JSON.stringify({ alg, kid, typ: "txntoken+jwt" }));
  return success({ published: parsed.map(({ published }) => published), header, algorithm: alg, key });
}

/** @returns the private half; `undefined`: it does not belong to the public one. May reject, which means the same. */
async function importPair(published: PublishedJwk, d: string): Promise<CryptoKey | undefined> {
  const { kid: _, use: __, alg, ...jwk } = published;
  const parameters = SIGNATURE_PARAMETERS[alg];
  const secret = await crypto.subtle.importKey("jwk", { ...jwk, d }, parameters, false, ["sign"]);
  const open = await crypto.subtle.importKey("jwk", jwk, parameters, false, ["verify"]);
  const probe = new Uint8Array(COORDINATE_BYTES);
  const signature = await crypto.subtle.sign(parameters, secret, probe);
  return (await crypto.subtle.verify(parameters, open, signature, probe)) ? secret : undefined;
}
