import { Denial, type RefusedToken } from "../answer/denial.ts";
import type { VerificationKey } from "../keys/jwk/verification-key.ts";
import type { WaitUntil } from "../keys/key-io.ts";
import type { KeySource } from "../keys/key-set.ts";
import type { KeyStore } from "../keys/key-store.ts";
import { MAX_KEYS_TRIED } from "../limits.ts";
import { isKeyOfTenant, tenantIn } from "../policy/issuers/tenants.ts";
import type { Issuer, ServedPolicy } from "../policy/policy.ts";
import { type Admission, admit } from "./admit.ts";
import { checkUnverified } from "./check-unverified.ts";
import type { KnownScopes } from "./granted-scopes.ts";
import { type Claims, type JoseHeader, parseJws, type UnverifiedJws } from "./jws.ts";
import { isSignatureValid } from "./signature.ts";
import { audienceOf, clientOf, isFiniteNumber } from "./standard-claims.ts";

/** An admission of a token with a valid signature: its claims may be believed. */
export interface VerifiedToken extends Admission {
  /** The key that verified the signature. */
  readonly key: VerificationKey;
}

/** A verified token, and where the key set that verified it came from. */
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
  /** As for `grantedScopes`. */
  readonly knownScopes?: KnownScopes;
}

/**
 * Verifies an access token in four steps: its form, what can be checked before the signature, the signature, and only
 * then its claims. `explain` takes the same steps without the signature, so a new check belongs in one of the steps,
 * not in this function. Does not check what a route requires.
 *
 * @returns the verified token; a token reason (RFC 6750 3.1) or `keys-unavailable` otherwise
 */
export async function verifyToken(
  token: string,
  { policy, keys, now, knownScopes }: VerificationContext,
  waitUntil: WaitUntil,
): Promise<Verification | Denial> {
  const jws = parseJws(token);
  if (jws instanceof Denial) return jws;
  const reference = checkUnverified(jws, policy);
  if (reference instanceof Denial) return reference.of(unverified(jws));
  const { issuer, unverifiedKid } = reference;

  const found = await keys.of(issuer).find(unverifiedKid, issuedAtSeconds(jws.unverifiedClaims), waitUntil);
  if (found instanceof Denial) return found.of(unverified(jws));
  const candidates = issuer.tenants === undefined ? found.keys : keysOfTenant(found.keys, issuer, jws.unverifiedClaims);
  if (candidates instanceof Denial) return candidates.of(unverified(jws));
  const key = await verifySignature(token, jws.unverifiedHeader, candidates);
  if (key instanceof Denial) return key.of(unverified(jws));

  // The signature is valid, so from here on the claims are verified.
  const nowMs = now();
  const admission = admit(jws.unverifiedClaims, issuer, policy, nowMs, knownScopes);
  if (admission instanceof Denial) return admission.of(refusedTokenOf(jws.unverifiedClaims, admission, nowMs));
  return { token: { ...admission, key }, keySource: found.source };
}

function unverified({ unverifiedHeader: { kid }, unverifiedClaims: { iss } }: UnverifiedJws): RefusedToken {
  return { isVerified: false, unverifiedIss: typeof iss === "string" ? iss : undefined, unverifiedKid: kid };
}

/** What the log may say of a token with a valid signature that is refused. */
export function refusedTokenOf(claims: Claims, { reason }: Denial, nowMs: number): RefusedToken {
  const { iss, sub, exp } = claims;
  return {
    isVerified: true,
    issuer: String(iss),
    clientId: clientOf(claims),
    subject: typeof sub === "string" ? sub : undefined,
    audience: audienceOf(claims),
    expiredForSeconds: reason === "token-expired" ? Math.floor(nowMs / 1000 - Number(exp)) : undefined,
  };
}

/** The `iat` claim if it is a number. `admit` decides later whether a token may have none. */
function issuedAtSeconds({ iat }: Claims): number | undefined {
  return isFiniteNumber(iat) ? iat : undefined;
}

/** Those keys that the key set does not reserve for another tenant: one tenant's key must not sign for another one. */
function keysOfTenant(
  keys: readonly VerificationKey[],
  issuer: Issuer,
  { iss }: Claims,
): readonly VerificationKey[] | Denial {
  const tenant = tenantIn(issuer, String(iss));
  const own = tenant === undefined ? [] : keys.filter((key) => isKeyOfTenant(key.issuer, String(iss), tenant));
  return own.length > 0
    ? own
    : new Denial("key-unknown", "The key with this `kid` is not a key of the token's tenant.");
}

/**
 * Tries the keys that fit the algorithm (RFC 7515 5.2). An error of the crypto layer counts as an invalid signature.
 */
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
    ? new Denial("key-unknown", "No key with this `kid` fits the algorithm.")
    : new Denial("signature-invalid");
}
