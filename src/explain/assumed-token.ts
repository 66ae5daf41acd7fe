import { Denial } from "../answer/denial.ts";
import { acceptedAudience } from "../policy/analysis/accepted-audience.ts";
import type { Client, Issuer, Policy } from "../policy/policy.ts";
import { PROFILES, type RequiredClaim } from "../policy/profiles.ts";
import { withClaim } from "../policy/with-claim.ts";
import { type Admission, admit } from "../token/admit.ts";
import type { Claims } from "../token/jws.ts";
import { type AssumedValue, withAssumedValues } from "./assumed-values.ts";

/** An assumed token, and what the Worker would decide about it. */
export interface AssumedToken {
  readonly issuer: Issuer;
  /** The known claims only; `client_id` is missing if nobody named a client. */
  readonly claims: Claims;
  /** The `aud` that the client had to ask Cognito for; `undefined`: the token passes without that. */
  readonly boundTo: string | undefined;
  readonly admission: Admission | Denial;
}

/** Stands for a value that a real token has and that the user did not give. It is in no list of the policy. */
const UNKNOWN = "(unknown)";

/**
 * Assumes that a client has a token: unexpired, with a valid signature, and with the audience of `acceptedAudience`, if
 * there is one. A registered client's token comes from its issuer. Another token comes from the first
 * issuer that accepts it or, if none does, from the first issuer.
 *
 * @param client `undefined` for a client that nobody named; an issuer that accepts only some clients refuses it
 * @param names the scopes of the token: full names, and undeclared names, which grant nothing
 * @param issuer the only issuer that the token may come from; left out: any
 * @param values what the token's claims grant besides
 * @returns `undefined` if the policy has no issuer
 */
export function assumeToken(
  policy: Policy,
  client: Client | undefined,
  names: readonly string[],
  issuer?: Issuer,
  values: readonly AssumedValue[] = [],
): AssumedToken | undefined {
  const tokens = Array.from(policy.issuers.values())
    .filter((it) => (issuer === undefined || it === issuer) && (client === undefined || client.issuer === it.name))
    .map((issuer) => tokenOf(issuer, policy, client, names, values));
  return tokens.find(({ admission }) => !(admission instanceof Denial)) ?? tokens[0];
}

function tokenOf(
  issuer: Issuer,
  policy: Policy,
  client: Client | undefined,
  names: readonly string[],
  values: readonly AssumedValue[],
): AssumedToken {
  const claims = withAssumedValues(knownClaims(issuer, client, names), values, issuer);
  // The assumed audience must not give a meaning to an ambiguous short name: it says nothing about a real token.
  const declared = names.filter((name) => policy.scopes.byFullName.has(name));
  const { aud, others } = acceptedAudience(issuer, client?.id) ?? {};
  const complete = {
    ...assumedClaims(issuer),
    // Otherwise an audience that is a client's id would name that client.
    ...(others && client === undefined && { client_id: UNKNOWN }),
    ...(aud !== undefined && { aud }),
    ...withAssumedValues(knownClaims(issuer, client, declared), values, issuer),
    ...others,
  };
  const found = admit(complete, issuer, policy, ASSUMED_NOW_MS);
  const admission = found instanceof Denial ? found : { ...found, claims, subject: undefined, clientId: client?.id };
  const isChosen = !PROFILES[issuer.profile].requiredClaims.includes("aud");
  return { issuer, claims, boundTo: isChosen ? aud : undefined, admission };
}

function knownClaims(issuer: Issuer, client: Client | undefined, names: readonly string[]): Claims {
  const [scopeClaim = []] = issuer.scopeClaim;
  return withClaim({ iss: issuer.issuer, ...(client && { client_id: client.id }) }, scopeClaim, names.join(" "));
}

/** Any time between the assumed `iat` and `exp`, in epoch milliseconds. */
export const ASSUMED_NOW_MS = 0;

/** What the issuer's profile requires besides the audience and the known claims. */
export function assumedClaims({ profile }: Issuer): Claims {
  const { fixedClaims, requiredClaims } = PROFILES[profile];
  const standIns: Readonly<Record<RequiredClaim, unknown>> = {
    sub: UNKNOWN,
    client_id: UNKNOWN,
    jti: UNKNOWN,
    iat: ASSUMED_NOW_MS / 1000,
    aud: undefined,
  };
  return {
    exp: Number.MAX_SAFE_INTEGER,
    ...fixedClaims,
    ...Object.fromEntries(requiredClaims.map((name) => [name, standIns[name]])),
  };
}
