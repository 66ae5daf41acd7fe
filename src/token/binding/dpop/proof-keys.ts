import type { CryptoKey } from "jose";
import { importKey } from "../../../keys/jwk/import-keys.ts";
import { parsePublicJwk } from "../../../keys/jwk/public-jwk.ts";
import { MAX_REMEMBERED_PROOF_HEADER_LENGTH, MAX_REMEMBERED_PROOF_KEYS } from "../../../limits.ts";
import { failure, type Result, success } from "../../../result.ts";
import { hasLeadingZero, thumbprintOf } from "./thumbprint.ts";

/** The key of a proof. */
export interface ProofKey {
  /** RFC 7638. */
  readonly thumbprint: string;
  readonly cryptoKey: CryptoKey;
}

interface Entry {
  /** The first part of the proof, as it was sent. */
  readonly header: string;
  readonly cryptoKey: CryptoKey;
}

/**
 * Remembers the imported keys of clients, because an import costs about as much as the check of a signature. A client
 * signs every proof with the same header, so an equal header means the same key. Each thumbprint has one entry, so a
 * client that varies its headers displaces nobody. When the memory is full, the least recently used key leaves.
 */
export class ProofKeys {
  readonly #capacity: number;
  /** By thumbprint. */
  readonly #entries = new Map<string, Entry>();

  constructor(capacity = MAX_REMEMBERED_PROOF_KEYS) {
    this.#capacity = capacity;
  }

  get size(): number {
    return this.#entries.size;
  }

  /**
   * The key of this thumbprint, if its last proof had the same header.
   *
   * @param header the first part of the proof, as it was sent
   */
  get(thumbprint: string, header: string): ProofKey | undefined {
    const entry = this.#entries.get(thumbprint);
    if (entry?.header !== header) return undefined;
    this.#entries.delete(thumbprint);
    this.#entries.set(thumbprint, entry);
    return { thumbprint, cryptoKey: entry.cryptoKey };
  }

  /**
   * Call it only with a key that a verified token is bound to. Otherwise anyone could fill the memory.
   *
   * @param header of a proof with a valid signature. One that is too long is ignored.
   */
  remember(header: string, { thumbprint, cryptoKey }: ProofKey): void {
    if (header.length > MAX_REMEMBERED_PROOF_HEADER_LENGTH) return;
    this.#entries.delete(thumbprint);
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size < this.#capacity) break;
      this.#entries.delete(oldest);
    }
    this.#entries.set(thumbprint, { header, cryptoKey });
  }
}

/**
 * Imports the key that a proof carries (RFC 9449 4.2): a public key as strong as an issuer's must be.
 *
 * @param jwk the header parameter, unchecked
 * @param alg an accepted algorithm
 * @returns the key, or a sentence for the log
 */
export async function importProofKey(jwk: unknown, alg: string): Promise<Result<ProofKey, string>> {
  if (typeof jwk !== "object" || jwk === null) return failure("The proof's `jwk` is not an object.");
  // A proof names no key set, so any `kid` does.
  const parsed = parsePublicJwk({ ...jwk, kid: "proof" }, new Set([alg]), false);
  if (!parsed.ok) return failure(`The proof's key cannot be used: ${parsed.failure.reason}.`);
  if (hasLeadingZero(parsed.value.jwk)) return failure("The proof's key has an integer with a leading zero.");
  const imported = await importKey(parsed.value);
  const cryptoKey = imported.ok ? imported.value.cryptoKeys.get(alg) : undefined;
  if (cryptoKey === undefined) return failure("The proof's key cannot be imported.");
  return success({ cryptoKey, thumbprint: await thumbprintOf(parsed.value.jwk) });
}
