import { Denial } from "../answer/denial.ts";
import { acceptedAudience } from "../policy/analysis/clients/accepted-audience.ts";
import { claimText } from "../policy/claim-path.ts";
import { firstTenant, isGuid, tokenIss } from "../policy/issuers/tenants.ts";
import type { Client, Issuer, Policy } from "../policy/policy.ts";
import { PROFILES, type RequiredClaim } from "../policy/profiles.ts";
import type { BindingMethod } from "../policy/requirements/binding.ts";
import { withClaim } from "../policy/with-claim.ts";
import { type Admission, admit } from "../token/admit.ts";
import type { Claims } from "../token/jws.ts";
import { withAssumedClaims } from "./assumed-claims.ts";
import { type AssumedValue, withAssumedValues } from "./assumed-values.ts";
import { withAssumedBinding } from "./token-binding.ts";

/** An assumed token, and what the Worker would decide about it. */
export interface AssumedToken {
  readonly issuer: Issuer;
  /** The known claims only; `client_id` is missing if nobody named a client. */
  readonly claims: Claims;
  /** The `aud` that the client had to ask Cognito for; `undefined`: the token passes without that. */
  readonly boundTo: string | undefined;
  /**
   * The client that it is assumed to be of, because nobody named one and its issuer accepts only some. Left out: none.
   */
  readonly assumedClient?: string;
  readonly admission: Admission | Denial;
}

/** Stands for a value that a real token has and that the user did not give. It is in no list of the policy. */
const UNKNOWN = "(unknown)";

/**
 * Assumes that a client has a token: unexpired, with a valid signature, and with the audience of `acceptedAudience`, if
 * there is one. A registered client's token comes from its issuer. Another token comes from the first
 * issuer that accepts it or, if none does, from the first issuer.
 *
 * @param client `undefined` for a client that nobody named; an issuer that accepts only some clients refuses it. With
 * `issuer`, it is one that the issuer's `audiences` name, unless each registration decides what it may do.
 * @param names the scopes of the token: full names, and undeclared names, which grant nothing
 * @param issuer the only issuer that the token may come from; left out: any
 * @param values what the token's claims grant besides
 * @param tenant the tenant of the token, where its issuer has tenants; left out: the one that `values` or `tested` name
 * or, without them, the first that the issuer lists
 * @param tested values of claims that conditions look at
 * @param bound how it is bound to its sender; left out: as the issuer requires, and not at all if it requires nothing
 * @returns `undefined` if the policy has no issuer
 */
export function assumeToken(
  policy: Policy,
  client: Client | undefined,
  names: readonly string[],
  issuer?: Issuer,
  values: readonly AssumedValue[] = [],
  tenant?: string,
  tested: readonly AssumedValue[] = [],
  bound?: BindingMethod,
): AssumedToken | undefined {
  const issuers = Array.from(policy.issuers.values())
    .filter((it) => (issuer === undefined || it === issuer) && (client === undefined || client.issuer === it.name))
    // A tenant says that the token is from an issuer with tenants.
    .filter((it) => tenant === undefined || it.tenants !== undefined);
  const tokenFrom = (it: Issuer, of: Client | undefined): AssumedToken =>
    tokenOf(it, policy, of, names, values, tenant, tested, bound);
  const tokens = issuers.map((it) => tokenFrom(it, client));
  const found = tokens.find(({ admission }) => !(admission instanceof Denial));
  const some = found === undefined && client === undefined && issuer && clientInAudiences(issuer);
  if (some && issuers.includes(issuer)) return { ...tokenFrom(issuer, some), assumedClient: some.id };
  return found ?? tokens[0];
}

/** A client that an issuer accepts because its `audiences` name it; `undefined`: there is none. */
function clientInAudiences(issuer: Issuer): Client | undefined {
  if (issuer.registeredClientsOnly) return undefined;
  const id = Array.from(issuer.audiences ?? []).find((it) => acceptedAudience(issuer, it) !== undefined);
  return id === undefined ? undefined : { name: id, id, issuer: issuer.name, scopes: new Set() };
}

function tokenOf(
  issuer: Issuer,
  policy: Policy,
  client: Client | undefined,
  names: readonly string[],
  values: readonly AssumedValue[],
  tenant: string | undefined,
  tested: readonly AssumedValue[],
  bound: BindingMethod | undefined,
): AssumedToken {
  const known = tenant ?? tenantNamed(issuer, [...values, ...tested]);
  const given = (scopes: readonly string[]): Claims => {
    const mapped = withAssumedValues(knownClaims(issuer, client, scopes, known), values, issuer);
    return withAssumedBinding(withAssumedClaims(mapped, tested, policy), issuer, bound);
  };
  const claims = given(names);
  // The assumed audience must not give a meaning to an ambiguous short name: it says nothing about a real token.
  const declared = names.filter((name) => policy.scopes.byFullName.has(name));
  const { aud, others } = acceptedAudience(issuer, client?.id) ?? {};
  const complete = {
    ...assumedClaims(issuer),
    // Otherwise an audience that is a client's id would name that client.
    ...(others && client === undefined && { client_id: UNKNOWN }),
    ...(aud !== undefined && { aud }),
    ...given(declared),
    ...others,
  };
  const found = admit(complete, issuer, policy, ASSUMED_NOW_MS);
  const admission = found instanceof Denial ? found : { ...found, claims, subject: undefined, clientId: client?.id };
  const isChosen = !PROFILES[issuer.profile].requiredClaims.includes("aud");
  return { issuer, claims, boundTo: isChosen ? aud : undefined, admission };
}

/** The tenant that a value of the tenant claim names, because `iss` has to name the same. */
function tenantNamed({ tenants }: Issuer, values: readonly AssumedValue[]): string | undefined {
  if (tenants === undefined) return undefined;
  const name = claimText(tenants.claim);
  return values.find(({ claim, value }) => claimText(claim) === name && isGuid(value))?.value;
}

function knownClaims(
  issuer: Issuer,
  client: Client | undefined,
  names: readonly string[],
  tenant: string | undefined,
): Claims {
  const [scopeClaim = []] = issuer.scopeClaim;
  const identity = issuerClaims(issuer, tenant);
  return withClaim({ ...identity, ...(client && { client_id: client.id }) }, scopeClaim, names.join(" "));
}

/**
 * The claims that say whose token it is: `iss` and, where the issuer has tenants, the tenant claim.
 *
 * @param tenant left out: the first tenant that the issuer lists
 */
export function issuerClaims(issuer: Issuer, tenant?: string): Claims {
  const { tenants } = issuer;
  if (tenants === undefined) return { iss: issuer.issuer };
  const named = tenant ?? firstTenant(tenants);
  return withClaim({ iss: tokenIss(issuer, named) }, tenants.claim, named);
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
