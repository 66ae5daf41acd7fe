import { issuersInUse } from "../../../issuers-in-use.ts";
import { distinctRequirements } from "../../shared/distinct-requirements.ts";
import type { Rule } from "../rule.ts";

/**
 * Issuers that may grant every scope of every API to any client, in a policy with several issuers. A policy in which some
 * resource server or route names issuers has decided who may grant what, so the rule reports nothing there.
 */
export const unlimitedIssuer: Rule = (policy) => {
  const issuers = issuersInUse(policy);
  if (issuers.length < 2 || policy.scopes.byFullName.size === 0 || policy.scopes.issuersOf.size > 0) return [];
  for (const requirement of distinctRequirements(policy.routes)) {
    if (requirement.kind !== "public" && requirement.issuers !== undefined) return [];
  }
  return issuers
    .filter(({ registeredClientsOnly }) => !registeredClientsOnly)
    .map(({ name }) => ({
      route: undefined,
      path: ["issuers", name],
      message: `Tokens of the issuer \`${name}\` may grant every scope of every resource server.`,
      hint: "Name in `issuers` of each resource server whose tokens may grant its scopes, or set `registeredClientsOnly`.",
      group: { cause: "", name: `\`${name}\`` },
    }));
};
