import { base64url } from "jose";
import { Denial } from "../answer/denial.ts";
import { acceptedAudience } from "../policy/analysis/clients/accepted-audience.ts";
import { isGuid, issuerOf, tenantIn } from "../policy/issuers/tenants.ts";
import type { Issuer, Policy } from "../policy/policy.ts";
import type { Authenticate } from "../token/authenticate.ts";
import { claimAt } from "../token/claim-at.ts";
import type { Claims } from "../token/jws.ts";
import { clientOf } from "../token/standard-claims.ts";
import { admitUnverified } from "./admit-unverified.ts";
import { ASSUMED_NOW_MS, assumedClaims, issuerClaims } from "./assumed-token.ts";
import type { Caller } from "./caller.ts";
import { withoutProof } from "./token-binding.ts";

/**
 * A caller with a token that has these claims. What an issuer's profile requires beside them is assumed: the token is
 * unexpired, its type is right, and it has an accepted audience. The signature is assumed to be valid. The token is
 * bound to its sender only if the claims have `cnf`.
 *
 * A token without `iss` comes from the first of the issuers that accepts it or, if none does, from the first.
 *
 * @param issuers the issuers that the token may come from, if the claims do not name one
 * @param nowMs epoch milliseconds; `undefined`: any time, for claims without times
 */
export function callerWithClaims(
  given: Claims,
  policy: Policy,
  issuers: readonly Issuer[],
  nowMs: number = ASSUMED_NOW_MS,
): Caller {
  const named = typeof given["iss"] === "string" ? issuerOf(policy, given["iss"]) : undefined;
  const candidates = given["iss"] === undefined ? issuers : [named];
  const admissions = candidates.map((issuer) => {
    const claims = completed(given, issuer);
    return { claims, admission: withoutProof(admitUnverified(asToken(claims, issuer), policy, nowMs)) };
  });
  const chosen = admissions.find(({ admission }) => !(admission instanceof Denial)) ?? admissions[0];
  const found = chosen?.admission ?? new Denial("issuer-unknown", "The policy has no issuer.");
  const authenticate: Authenticate = () =>
    found instanceof Denial ? found : { token: found, keySource: "memory", tokenCache: "miss" };
  return {
    description: "a token with these claims",
    authenticate,
    kind: "assumed",
    remarks: [],
    unverifiedClaims: chosen?.claims,
    checkedAtMs: nowMs,
  };
}

function completed(given: Claims, issuer: Issuer | undefined): Claims {
  if (issuer === undefined) return given;
  const client = clientOf(given);
  const { client_id: standIn, ...assumed } = assumedClaims(issuer);
  const { aud, others } = acceptedAudience(issuer, client) ?? {};
  return {
    ...issuerClaims(issuer, namedTenant(given, issuer)),
    ...assumed,
    // Beside `azp`, an assumed `client_id` would name another client.
    ...(client === undefined && standIn !== undefined && { client_id: standIn }),
    ...(aud !== undefined && { aud }),
    ...others,
    ...given,
  };
}

/** The tenant that the claims name, so that it is assumed wherever they do not say it. */
function namedTenant(given: Claims, issuer: Issuer): string | undefined {
  if (issuer.tenants === undefined) return undefined;
  if (typeof given["iss"] === "string") return tenantIn(issuer, given["iss"]);
  const claimed = claimAt(given, issuer.tenants.claim);
  return typeof claimed === "string" && isGuid(claimed) ? claimed : undefined;
}

/** A token for `admitUnverified`, which takes every signature. Its `typ` is one that every profile takes. */
function asToken(claims: Claims, issuer: Issuer | undefined): string {
  const [algorithm = "RS256"] = issuer?.algorithms ?? [];
  const part = (value: unknown): string => base64url.encode(JSON.stringify(value));
  return [part({ alg: algorithm, kid: "assumed", typ: "at+jwt" }), part(claims), part("unsigned")].join(".");
}
