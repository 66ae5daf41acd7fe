import { generateKeyPairSync, type JsonWebKey } from "node:crypto";
import type { AssertionAlgorithm } from "../../policy/upstream.ts";

/** A private key as a JWK (RFC 7517 4), with a `kid`. */
export interface PrivateJwk extends JsonWebKey {
  readonly kid: string;
  readonly alg: AssertionAlgorithm;
  readonly use: "sig";
}

/** Makes a key that signs assertions. */
export function newSigningKey(algorithm: AssertionAlgorithm, kid: string): PrivateJwk {
  const { privateKey } =
    algorithm === "ES256" ? generateKeyPairSync("ec", { namedCurve: "P-256" }) : generateKeyPairSync("ed25519");
  return { ...privateKey.export({ format: "jwk" }), kid, alg: algorithm, use: "sig" };
}

const made = new Map<AssertionAlgorithm, string>();

/** The local stack's own key set for assertions, the same each time as long as the process runs. */
export function localKeySet(algorithm: AssertionAlgorithm): string {
  const known = made.get(algorithm) ?? JSON.stringify({ keys: [newSigningKey(algorithm, `local-${algorithm}`)] });
  made.set(algorithm, known);
  return known;
}
