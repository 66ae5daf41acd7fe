import type { Policy, Requirement, ScopeExpression } from "../policy.ts";

/** A requirement in words: `public`, `any token`, `read:orders or (write:orders and admin)`. */
export function formatRequirement(requirement: Requirement, policy: Pick<Policy, "scopes">): string {
  if (requirement.kind === "public") return "public";
  return requirement.kind === "authenticated" ? "any token" : formatExpression(requirement.expression, policy, false);
}

/** A scope's short name where it says all, else the full one. */
export function shortestName(fullName: string, { scopes }: Pick<Policy, "scopes">): string {
  const scope = scopes.byFullName.get(fullName);
  return scope && scopes.byShortName.get(scope.shortName)?.length === 1 ? scope.shortName : fullName;
}

function formatExpression(expression: ScopeExpression, policy: Pick<Policy, "scopes">, isInner: boolean): string {
  if (expression.kind === "scope") return shortestName(expression.name, policy);
  const [only, ...others] = expression.of;
  if (only && others.length === 0) return formatExpression(only, policy, isInner);
  const words = expression.of
    .map((part) => formatExpression(part, policy, true))
    .join(expression.kind === "anyOf" ? " or " : " and ");
  return isInner ? `(${words})` : words;
}
