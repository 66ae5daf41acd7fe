import { Denial } from "../../answer/denial.ts";
import type { Issuer, Policy } from "../../policy/policy.ts";
import { checkClaims } from "../../token/claims.ts";
import { grantedScopes } from "../../token/granted-scopes.ts";
import { type Claims, parseJws } from "../../token/jws.ts";
import { clientOf, PROFILES } from "../../token/profiles.ts";
import type { VerifiedToken } from "../../token/verify.ts";

/**
 * What `verifyToken` would say of a token if its signature held: every other check, in the same order. For explaining
 * only: what it gives is believed by nobody.
 *
 * @param nowMs epoch milliseconds
 */
export function readUnverifiedToken(text: string, policy: Policy, nowMs: number): VerifiedToken | Denial {
  const jws = parseJws(text);
  if (jws instanceof Denial) return jws;
  const { unverifiedHeader, unverifiedClaims } = jws;
  const { iss } = unverifiedClaims;
  if (typeof iss !== "string") return new Denial("claim-missing", "iss is missing or not a string");
  const issuer = policy.issuers.get(iss);
  if (issuer === undefined) return new Denial("issuer-unknown");
  if (!issuer.algorithms.has(unverifiedHeader.alg)) return new Denial("algorithm-refused", "alg is not on the list");
  const wrong =
    PROFILES[issuer.profile].checkType(unverifiedHeader) ??
    (unverifiedHeader.kid === undefined ? new Denial("key-unknown", "no kid") : undefined) ??
    checkClaims(unverifiedClaims, issuer, nowMs);
  if (wrong !== undefined) return wrong;
  return admitToken(unverifiedClaims, issuer, policy);
}

/**
 * What is left of `verifyToken` once a token's claims are checked: whether its client may call, and what it grants.
 * Believes the claims, whatever they are.
 */
export function admitToken(claims: Claims, issuer: Issuer, policy: Policy): VerifiedToken | Denial {
  const clientId = clientOf(claims);
  const client = clientId === undefined ? undefined : policy.clients.get(clientId);
  if (issuer.registeredClientsOnly && client === undefined) {
    return new Denial("client-mismatch", "the client is not registered");
  }
  const { sub, exp } = claims;
  return {
    issuer,
    claims,
    subject: typeof sub === "string" ? sub : undefined,
    clientId,
    granted: grantedScopes(claims, issuer, policy, issuer.registeredClientsOnly ? client : undefined),
    key: { kid: "", cryptoKeys: new Map() },
    expiresAtSeconds: Number(exp),
  };
}
