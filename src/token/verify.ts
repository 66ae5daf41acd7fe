import { Denial } from "../answer/denial.ts";
import type { KeySource, VerificationKey } from "../keys/key-set.ts";
import type { FoundKeys, KeyStore, WaitUntil } from "../keys/key-store.ts";
import { MAX_KEYS_TRIED } from "../limits.ts";
import type { Issuer, ServedPolicy } from "../policy/policy.ts";
import { checkClaims } from "./claims.ts";
import { type GrantedScopes, grantedScopes } from "./granted-scopes.ts";
import { type Claims, type JoseHeader, parseJws } from "./jws.ts";
import { clientOf, PROFILES } from "./profiles.ts";
import { isSignatureValid } from "./signature.ts";

/** A token whose signature and claims hold: what it says may be believed. */
export interface VerifiedToken {
  readonly issuer: Issuer;
  readonly claims: Claims;
  /** `sub`, where it is a string. */
  readonly subject: string | undefined;
  readonly clientId: string | undefined;
  readonly granted: GrantedScopes;
  /** The key its signature was verified with. */
  readonly key: VerificationKey;
  /** `exp`, in seconds since the epoch. */
  readonly expiresAtSeconds: number;
}

/** A verified token and where the key set came from that verified it. */
export interface Verification {
  readonly token: VerifiedToken;
  readonly keySource: KeySource;
}

/** What verification needs besides the token. */
export interface VerificationContext {
  readonly policy: ServedPolicy;
  readonly keys: KeyStore;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/**
 * Verifies an access token: form, issuer, algorithm and type first (no key is looked up for a token that cannot
 * pass), then the signature, and the claims last. Does not check what a route requires.
 *
 * @returns the verified token; a token reason (RFC 6750 3.1) or `keys-unavailable` otherwise
 */
export async function verifyToken(
  token: string,
  { policy, keys, now }: VerificationContext,
  waitUntil: WaitUntil,
): Promise<Verification | Denial> {
  const jws = parseJws(token);
  if (jws instanceof Denial) return jws;
  const { unverifiedHeader, unverifiedClaims } = jws;

  const issuer = knownIssuer(unverifiedClaims, policy);
  if (issuer instanceof Denial) return issuer;
  if (!issuer.algorithms.has(unverifiedHeader.alg)) return new Denial("algorithm-refused", "alg is not on the list");
  const wrongType = PROFILES[issuer.profile].checkType(unverifiedHeader);
  if (wrongType !== undefined) return wrongType;

  const found = await findKeys(unverifiedHeader, unverifiedClaims, issuer, keys, waitUntil);
  if (found instanceof Denial) return found;
  const key = await verifySignature(token, unverifiedHeader, found.keys);
  if (key instanceof Denial) return key;

  // From here on the claims are verified.
  const claims = unverifiedClaims;
  const wrongClaim = checkClaims(claims, issuer, now());
  if (wrongClaim !== undefined) return wrongClaim;
  const clientId = clientOf(claims);
  const client = clientId === undefined ? undefined : policy.clients.get(clientId);
  if (issuer.registeredClientsOnly && client === undefined) {
    return new Denial("client-mismatch", "the client is not registered");
  }
  return {
    token: {
      issuer,
      claims,
      subject: typeof claims["sub"] === "string" ? claims["sub"] : undefined,
      clientId,
      granted: grantedScopes(claims, issuer, policy, issuer.registeredClientsOnly ? client : undefined),
      key,
      expiresAtSeconds: Number(claims["exp"]),
    },
    keySource: found.source,
  };
}

function knownIssuer(unverifiedClaims: Claims, policy: ServedPolicy): Issuer | Denial {
  const { iss } = unverifiedClaims;
  if (typeof iss !== "string") return new Denial("claim-missing", "iss is missing or not a string");
  return policy.issuers.get(iss) ?? new Denial("issuer-unknown");
}

/** The issuer's keys of the token's `kid`, from memory, KV or the issuer. */
async function findKeys(
  { kid }: JoseHeader,
  { iat }: Claims,
  issuer: Issuer,
  keys: KeyStore,
  waitUntil: WaitUntil,
): Promise<FoundKeys | Denial> {
  if (kid === undefined) return new Denial("key-unknown", "no kid");
  const issuedAt = typeof iat === "number" && Number.isFinite(iat) ? iat : undefined;
  return keys.of(issuer).find(kid, issuedAt, waitUntil);
}

/** Tries the keys that fit the algorithm (RFC 7515 5.2). A fault of the crypto layer is a signature that does not hold. */
async function verifySignature(
  token: string,
  { alg }: JoseHeader,
  candidates: readonly VerificationKey[],
): Promise<VerificationKey | Denial> {
  let tried = 0;
  for (const candidate of candidates) {
    const cryptoKey = candidate.cryptoKeys.get(alg);
    if (cryptoKey === undefined) continue;
    if (tried === MAX_KEYS_TRIED) break;
    tried += 1;
    try {
      if (await isSignatureValid(token, alg, cryptoKey)) return candidate;
    } catch {}
  }
  return tried === 0
    ? new Denial("key-unknown", "no key of this kid fits the algorithm")
    : new Denial("signature-invalid");
}
