import { firstTenant, tokenIss } from "../../policy/issuers/tenants.ts";
import type { Issuer, Policy } from "../../policy/policy.ts";
import { withClaim } from "../../policy/with-claim.ts";
import { grantedScopes } from "../../token/granted-scopes.ts";
import type { IssuerSettings } from "../issuer/issuer-settings.ts";

/** The settings with which the local issuer plays the issuers of a policy, except those that are real. */
export function planIssuers(policy: Policy, isReal: (name: string) => boolean): readonly IssuerSettings[] {
  return Array.from(policy.issuers.values())
    .filter(({ name }) => !isReal(name))
    .map((issuer) => settingsOf(issuer, policy));
}

function settingsOf(issuer: Issuer, policy: Policy): IssuerSettings {
  const [algorithm = "RS256"] = issuer.algorithms;
  const clients = Array.from(policy.clients.values()).filter((client) => client.issuer === issuer.name);
  const { tenants } = issuer;
  const tenant = tenants && firstTenant(tenants);
  return {
    name: issuer.name,
    issuer: tokenIss(issuer, tenant),
    ...(tenants && tenant !== undefined && { tenant: { claim: tenants.claim, id: tenant } }),
    jwksUri: issuer.jwksUri,
    profile: issuer.profile,
    algorithm,
    audiences: [...(issuer.audiences ?? [])],
    audienceClaim: issuer.audienceClaims[0] ?? ["aud"],
    scopeClaim: issuer.scopeClaim[0] ?? ["scope"],
    scopeNames: Object.fromEntries(
      Array.from(policy.scopes.byFullName.values(), ({ fullName, shortName }) => [
        fullName,
        meansOnly(shortName, fullName, issuer, policy) ? shortName : fullName,
      ]),
    ),
    acceptsAnyClient: !issuer.registeredClientsOnly,
    clients: clients.map(({ id, scopes }) => ({ id, scopes: [...scopes] })),
  };
}

/** Whether the gateway reads a name in a token of this issuer as one scope and as no other. */
function meansOnly(name: string, fullName: string, issuer: Issuer, policy: Policy): boolean {
  const [scopeClaim = []] = issuer.scopeClaim;
  const claims = withClaim({ aud: [...(issuer.audiences ?? [])] }, scopeClaim, [name]);
  const { names } = grantedScopes(claims, issuer, policy, undefined);
  return names.length === 1 && names[0] === fullName;
}
