import type { Policy, Requirement } from "../../../../policy.ts";
import { remembering } from "../../../../remembering.ts";
import { requirementsIn } from "../../../../routing/requirements-in.ts";
import { issuersInUse } from "../../../issuers-in-use.ts";
import type { Rule } from "../rule.ts";

/**
 * Issuers that may grant any client every scope that some route mentions, in a policy with several issuers. A list of
 * `issuers` counts only where it stands: a route that names none still accepts all, and so does a resource server.
 */
export const unlimitedIssuer: Rule = (policy) => {
  const issuers = issuersInUse(policy);
  if (issuers.length < 2) return [];
  const isOpen = remembering((requirement: Requirement) => isOpenToAll(policy, requirement));
  const route = policy.routes.find((it) => requirementsIn([it]).values().some(isOpen));
  if (route === undefined) return [];
  const [method] = route.methods;
  const granted = isLimitedAnywhere(policy)
    ? `every scope that \`${method} ${route.path}\` mentions, because neither the route nor the resource servers name issuers`
    : "every scope of every resource server";
  return issuers
    .filter(({ registeredClientsOnly }) => !registeredClientsOnly)
    .map(({ name }) => ({
      route: undefined,
      path: ["issuers", name],
      message: `Tokens of the issuer \`${name}\` may grant ${granted}.`,
      hint: "In `issuers` of each resource server, name the issuers that may grant its scopes. Or set `registeredClientsOnly`.",
      group: { cause: "", name: `\`${name}\`` },
    }));
};

/** Whether each issuer may grant all scopes that a requirement mentions. */
function isOpenToAll({ scopes: { byFullName, issuersOf } }: Policy, requirement: Requirement): boolean {
  if (requirement.kind !== "scopes" || requirement.issuers !== undefined || requirement.mentioned.length === 0) {
    return false;
  }
  return requirement.mentioned.every((name) => !issuersOf.has(byFullName.get(name)?.resourceServer ?? ""));
}

function isLimitedAnywhere({ scopes, routes }: Policy): boolean {
  return (
    scopes.issuersOf.size > 0 ||
    [...requirementsIn(routes)].some((it) => it.kind !== "public" && it.issuers !== undefined)
  );
}
