import { Denial } from "../../answer/denial.ts";
import type { Client, Issuer, Policy } from "../../policy/policy.ts";
import type { Claims } from "../../token/jws.ts";
import { PROFILES } from "../../token/profiles.ts";
import type { VerifiedToken } from "../../token/verify.ts";
import { admitToken } from "./unverified-token.ts";

/** A token that nobody has, and what the Worker would make of it. */
export interface AssumedToken {
  readonly issuer: Issuer;
  /** Those that are known; `client_id` is missing where the client is not. */
  readonly claims: Claims;
  readonly found: VerifiedToken | Denial;
}

/** Stands for a value that a token has and that nobody named: it is in no list of the policy. */
const UNKNOWN = "(unknown)";

/**
 * The token that a client is assumed to have: unexpired, correctly signed, for an audience that its issuer's tokens may
 * have (Cognito's have none). It comes from the first issuer that takes such a client or, if none does, from the first.
 *
 * @param client `undefined`: one that nobody named, which an issuer that takes some clients only refuses
 * @param names of the scopes that it carries
 * @returns `undefined`: the policy has no issuer
 */
export function assumeToken(
  policy: Policy,
  client: Client | undefined,
  names: readonly string[],
): AssumedToken | undefined {
  const tokens = Array.from(policy.issuers.values(), (issuer) => tokenOf(issuer, policy, client, names));
  return tokens.find(({ found }) => !(found instanceof Denial)) ?? tokens[0];
}

/** Whether some issuer's tokens of a client are accepted at all, whatever they grant. */
export function isAdmitted(policy: Policy, client: Client): boolean {
  const token = assumeToken(policy, client, []);
  return token !== undefined && !(token.found instanceof Denial);
}

function tokenOf(issuer: Issuer, policy: Policy, client: Client | undefined, names: readonly string[]): AssumedToken {
  const [scopeClaim = "scope", ...steps] = issuer.scopeClaim;
  const claims = {
    iss: issuer.issuer,
    ...(client && { client_id: client.id }),
    [scopeClaim]: steps.reduceRight<unknown>((inner, step) => ({ [step]: inner }), names.join(" ")),
  };
  const found = PROFILES[issuer.profile].checkClaims({ ...assumedClaims(issuer), ...claims }, issuer);
  return { issuer, claims, found: found ?? admitToken(claims, issuer, policy) };
}

/** What profiles demand beside the known claims. */
function assumedClaims({ profile, audiences }: Issuer): Claims {
  const [audience] = audiences ?? [];
  return {
    token_use: "access",
    client_id: UNKNOWN,
    sub: UNKNOWN,
    jti: UNKNOWN,
    iat: 0,
    ...(profile !== "cognito" && { aud: audience }),
  };
}
