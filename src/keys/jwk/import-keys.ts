import { base64url, type CryptoKey } from "jose";
import { MAX_KEYS_OF_SET } from "../../limits.ts";
import { failure, type Result, success } from "../../result.ts";
import { isEd25519PublicKey } from "./ed25519-point.ts";
import { type ParsedJwk, parsePublicJwk, type SkippedKey, type SkipReason } from "./public-jwk.ts";
import type { VerificationKey } from "./verification-key.ts";
import { WEB_CRYPTO } from "./web-crypto.ts";

/** Imported keys by their canonical text, in the order of the JWKS. Equal text means the same key. */
export type ImportedKeys = ReadonlyMap<string, VerificationKey>;

/** What decides which keys of a JWKS an issuer can use. */
export interface KeyOwner {
  /** JWS `alg` values that are accepted. */
  readonly algorithms: ReadonlySet<string>;
  /** The issuer's tenants; `undefined`: it has none. */
  readonly tenants: object | undefined;
}

/** The result of importing a JWKS. */
export interface KeyImport {
  readonly keys: ImportedKeys;
  readonly skipped: readonly SkippedKey[];
}

/**
 * Imports the `keys` of a JWKS (RFC 7517 5) for an issuer's accepted algorithms. A key that cannot be used is skipped
 * and reported; it does not affect the others. A key that is in `previous` stays the same object and is not checked
 * again. Of the keys in the right form, only the first `MAX_KEYS_OF_SET` are imported, because checks and imports cost
 * CPU time; the others are skipped. There may be no usable key. Never rejects.
 */
export async function importKeys(
  entries: readonly unknown[],
  { algorithms, tenants }: KeyOwner,
  previous: ImportedKeys,
): Promise<KeyImport> {
  const keys = new Map<string, VerificationKey>();
  const skipped: SkippedKey[] = [];
  let tried = 0;
  for (const entry of entries) {
    const parsed = parsePublicJwk(entry, algorithms, tenants !== undefined);
    if (!parsed.ok) {
      skipped.push(parsed.failure);
      continue;
    }
    // The canonical text has only the members that count, in one order, so a reordered key is not a new one.
    const text = JSON.stringify(parsed.value.jwk);
    if (keys.has(text)) continue;
    const { kid } = parsed.value.jwk;
    if (tried === MAX_KEYS_OF_SET) {
      skipped.push({ kid, reason: "too-many-keys" });
      continue;
    }
    tried += 1;
    const known = previous.get(text);
    const imported = known === undefined ? await importKey(parsed.value) : success(known);
    if (imported.ok) keys.set(text, imported.value);
    else skipped.push({ kid, reason: imported.failure });
  }
  return { keys, skipped };
}

/**
 * Imports one key that `parsePublicJwk` has accepted, for each of its algorithms. Never rejects.
 *
 * @returns the key; `point-off-curve`, or `import-failed` if the runtime takes it for none of the algorithms
 */
export async function importKey({ jwk, algorithms }: ParsedJwk): Promise<Result<VerificationKey, SkipReason>> {
  // WebCrypto checks the points of the other curves.
  if (jwk.kty === "OKP" && !isEd25519PublicKey(base64url.decode(jwk.x))) return failure("point-off-curve");
  const cryptoKeys = new Map<string, CryptoKey>();
  // `parsePublicJwk` has judged `alg`. WebCrypto would compare it with names of its own, and knows no `EdDSA`.
  const { alg: _, kid, issuer, ...members } = jwk;
  for (const algorithm of algorithms) {
    try {
      const parameters = WEB_CRYPTO.get(algorithm);
      if (parameters === undefined) continue;
      cryptoKeys.set(algorithm, await crypto.subtle.importKey("jwk", members, parameters, true, ["verify"]));
    } catch {
      // The runtime lacks this algorithm or refuses the key for it. Another algorithm may still work.
    }
  }
  return cryptoKeys.size === 0
    ? failure("import-failed")
    : success(issuer === undefined ? { kid, cryptoKeys } : { kid, issuer, cryptoKeys });
}
