import { type CryptoKey, importJWK } from "jose";
import { type ParsedJwk, parsePublicJwk, type SkippedKey } from "./public-jwk.ts";
import type { VerificationKey } from "./verification-key.ts";

/** Imported keys by their canonical text, in the order of the JWKS: equal text is the same key. */
export type ImportedKeys = ReadonlyMap<string, VerificationKey>;

/** What became of the members of a JWKS. */
export interface KeyImport {
  readonly keys: ImportedKeys;
  readonly skipped: readonly SkippedKey[];
}

/**
 * Imports the `keys` of a JWKS (RFC 7517 5) for an issuer's allowed algorithms. A key that cannot be used is skipped
 * and named; it never spoils the others. A key that is in `previous` stays the same object. May find no usable key. Never
 * rejects.
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
    if ("why" in parsed) {
      skipped.push(parsed);
      continue;
    }
    // Of the members that count, in one order: neither their order nor any other member makes a key a new one.
    const text = JSON.stringify(parsed.jwk);
    if (keys.has(text)) continue;
    const key = previous.get(text) ?? (await importKey(parsed));
    if (key === undefined) {
      skipped.push({ kid: parsed.jwk.kid, why: "import-failed" });
      continue;
    }
    keys.set(text, key);
  }
  return { keys, skipped };
}

/** `undefined` when WebCrypto takes it for none of its algorithms, as with a point off its curve. */
async function importKey({ jwk, algorithms }: ParsedJwk): Promise<VerificationKey | undefined> {
  const cryptoKeys = new Map<string, CryptoKey>();
  for (const algorithm of algorithms) {
    try {
      const key = await importJWK(jwk, algorithm);
      if (!(key instanceof Uint8Array)) cryptoKeys.set(algorithm, key);
    } catch {
      // The runtime lacks the algorithm or refuses the key; what it makes of the other algorithms still counts.
    }
  }
  return cryptoKeys.size === 0 ? undefined : { kid: jwk.kid, cryptoKeys };
}
