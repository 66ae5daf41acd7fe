import { type CryptoKey, importJWK } from "jose";
import { type ParsedJwk, parsePublicJwk, type SkippedKey } from "./public-jwk.ts";
import type { VerificationKey } from "./verification-key.ts";

/** Imported keys by their canonical text, in the order of the JWKS. Equal text means the same key. */
export type ImportedKeys = ReadonlyMap<string, VerificationKey>;

/** The result of importing a JWKS. */
export interface KeyImport {
  readonly keys: ImportedKeys;
  readonly skipped: readonly SkippedKey[];
}

/**
 * Imports the `keys` of a JWKS (RFC 7517 5) for an issuer's allowed algorithms. A key that cannot be used is skipped
 * and reported; it does not affect the others. A key that is in `previous` stays the same object. There may be no
 * usable key. Never rejects.
 */
export async function importKeys(
  entries: readonly unknown[],
  allowed: ReadonlySet<string>,
  previous: ImportedKeys,
): Promise<KeyImport> {
  const keys = new Map<string, VerificationKey>();
  const skipped: SkippedKey[] = [];
  for (const entry of entries) {
    const parsed = parsePublicJwk(entry, allowed);
    if (!parsed.ok) {
      skipped.push(parsed.failure);
      continue;
    }
    // The canonical text has only the members that count, in one order, so a reordered key is not a new one.
    const text = JSON.stringify(parsed.value.jwk);
    if (keys.has(text)) continue;
    const key = previous.get(text) ?? (await importKey(parsed.value));
    if (key === undefined) {
      skipped.push({ kid: parsed.value.jwk.kid, reason: "import-failed" });
      continue;
    }
    keys.set(text, key);
  }
  return { keys, skipped };
}

/** Returns `undefined` if WebCrypto refuses the key for all its algorithms, as with a point off its curve. */
async function importKey({ jwk, algorithms }: ParsedJwk): Promise<VerificationKey | undefined> {
  const cryptoKeys = new Map<string, CryptoKey>();
  for (const algorithm of algorithms) {
    try {
      const key = await importJWK(jwk, algorithm);
      if (!(key instanceof Uint8Array)) cryptoKeys.set(algorithm, key);
    } catch {
      // The runtime lacks this algorithm or refuses the key for it. Another algorithm may still work.
    }
  }
  return cryptoKeys.size === 0 ? undefined : { kid: jwk.kid, cryptoKeys };
}
