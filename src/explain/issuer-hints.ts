import { acceptsIssuer } from "../policy/authorize.ts";
import type { Policy, Requirement } from "../policy/policy.ts";
import { mayGrant } from "../policy/scopes.ts";
import type { Admission } from "../token/admit.ts";
import { grantedScopes } from "../token/granted-scopes.ts";
import { sufficientSets } from "./sufficient/sufficient-sets.ts";

/** Names of the issuers whose tokens a requirement accepts. */
export function acceptedIssuers({ issuers }: Pick<Policy, "issuers">, requirement: Requirement): readonly string[] {
  return Array.from(issuers.values(), ({ name }) => name).filter((name) => acceptsIssuer(requirement, name));
}

/** Says whose tokens a route accepts, for a token of another issuer. */
export function refusedIssuerHints(policy: Policy, requirement: Requirement, { issuer }: Admission): readonly string[] {
  const accepted = acceptedIssuers(policy, requirement).map((name) => `\`${name}\``);
  return [
    `The token is from the issuer \`${issuer.name}\`, which is not accepted here. ` +
      `Accepted: ${accepted.join(", ")} (\`issuers\` of the route).`,
  ];
}

/** Says which scopes of a token grant nothing because their resource server does not accept the issuer. */
export function ungrantableHints(
  { scopes: table, ...policy }: Policy,
  _: Requirement,
  token: Admission,
): readonly string[] {
  if (table.issuersOf.size === 0) return [];
  const { name } = token.issuer;
  const everyone = { ...policy, scopes: { ...table, issuersOf: new Map<string, readonly string[]>() } };
  const { names } = grantedScopes(token.claims, token.issuer, everyone, undefined);
  const cut = names.filter((scope) => !mayGrant(table, name, scope));
  if (cut.length === 0) return [];
  return [
    `In this token, ${cut.join(", ")} grants nothing: the resource server's \`issuers\` does not have \`${name}\`.`,
  ];
}

/** Says that no token of this issuer can be enough, if that is so: for lack of a scope or of a tenant. */
export function impossibleHints(policy: Policy, requirement: Requirement, { issuer }: Admission): readonly string[] {
  if (requirement.kind !== "scopes") return [];
  const { expression, conditions = [] } = requirement;
  // `undefined`: there are too many sets to list.
  if (sufficientSets(expression, conditions, policy, issuer)?.length !== 0) return [];
  return [
    `No token of \`${issuer.name}\` can be enough: its tokens cannot have the scopes and claims that are needed.`,
  ];
}
