import type { Policy, Requirement, ScopeExpression } from "../policy.ts";
import { conditionText } from "../requirements/conditions.ts";

/** How many parts of a group are named. A wildcard may stand for thousands of scopes. */
const MAX_NAMED_PARTS = 20;

/**
 * Puts a requirement into words: `public`, `optional token`, `any token`, `read:orders or (write:orders and admin)`, or
 * `admin or (read:orders and userId = sub)`. Of a group with many parts, it names the first and counts the others:
 * `... or 980 more`.
 */
export function formatRequirement(requirement: Requirement, policy: Pick<Policy, "scopes">): string {
  switch (requirement.kind) {
    case "public":
      return "public";
    case "optional":
      return "optional token";
    case "authenticated":
      return "any token";
    case "scopes":
      return formatExpression(requirement.expression, policy, false);
  }
}

/** The short name of a scope if it is unambiguous; otherwise the full name. */
export function shortestName(fullName: string, { scopes }: Pick<Policy, "scopes">): string {
  const scope = scopes.byFullName.get(fullName);
  return scope && scopes.byShortName.get(scope.shortName)?.length === 1 ? scope.shortName : fullName;
}

function formatExpression(expression: ScopeExpression, policy: Pick<Policy, "scopes">, isNested: boolean): string {
  if (expression.kind === "scope") return shortestName(expression.name, policy);
  if (expression.kind === "claim" || expression.kind === "parameter") return conditionText(expression);
  const [only, ...others] = expression.of;
  if (only && others.length === 0) return formatExpression(only, policy, isNested);
  const more = expression.of.length - MAX_NAMED_PARTS;
  const words = expression.of
    .slice(0, MAX_NAMED_PARTS)
    .map((part) => formatExpression(part, policy, true))
    .concat(more > 0 ? [`${more} more`] : [])
    .join(expression.kind === "anyOf" ? " or " : " and ");
  return isNested ? `(${words})` : words;
}
