import type { Policy, Requirement, ScopeExpression } from "../policy.ts";

/** Puts a requirement into words: `public`, `any token`, or `read:orders or (write:orders and admin)`. */
export function formatRequirement(requirement: Requirement, policy: Pick<Policy, "scopes">): string {
  if (requirement.kind === "public") return "public";
  return requirement.kind === "authenticated" ? "any token" : formatExpression(requirement.expression, policy, false);
}

/** The short name of a scope if it is unambiguous; otherwise the full name. */
export function shortestName(fullName: string, { scopes }: Pick<Policy, "scopes">): string {
  const scope = scopes.byFullName.get(fullName);
  return scope && scopes.byShortName.get(scope.shortName)?.length === 1 ? scope.shortName : fullName;
}

function formatExpression(expression: ScopeExpression, policy: Pick<Policy, "scopes">, isNested: boolean): string {
  if (expression.kind === "scope") return shortestName(expression.name, policy);
  const [only, ...others] = expression.of;
  if (only && others.length === 0) return formatExpression(only, policy, isNested);
  const words = expression.of
    .map((part) => formatExpression(part, policy, true))
    .join(expression.kind === "anyOf" ? " or " : " and ");
  return isNested ? `(${words})` : words;
}
