import { asksForBinding } from "../authorize.ts";
import { conditionText } from "../claim-path.ts";
import type { Policy, Requirement, Route, ScopeExpression } from "../policy.ts";
import { stepUpOf, stepUpText } from "../requirements/step-up.ts";

/** How many parts of a group are named. A wildcard may stand for thousands of scopes. */
const MAX_NAMED_PARTS = 20;

/**
 * Puts a requirement into words: `public`, `optional token`, `any token`, `read:orders or (write:orders and admin)`, or
 * `admin or (read:orders and userId = sub)`. If it does not accept every issuer, the issuers follow: `any token, from
 * cognito or partner`. How the token is bound and how its user authenticated stand before them: `any token, bound to
 * its sender, authenticated by mfa at most 300 s ago`. Of a group with many parts, it names the first and counts the
 * others: `... or 980 more`.
 */
export function formatRequirement(requirement: Requirement, policy: Pick<Policy, "scopes">): string {
  const stepUp = stepUpOf(requirement);
  const words = [
    formatToken(requirement, policy),
    ...(asksForBinding(requirement) ? ["bound to its sender"] : []),
    ...(stepUp === undefined ? [] : [stepUpText(stepUp)]),
  ].join(", ");
  if (requirement.kind === "public" || requirement.issuers === undefined) return words;
  return `${words}, from ${joined(requirement.issuers, "or")}`;
}

function formatToken(requirement: Requirement, policy: Pick<Policy, "scopes">): string {
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

/** What a route asks for now: its requirement, or that it is public until a day because it only reports. */
export function formatRoute(
  { requirement, report }: Pick<Route, "requirement" | "report">,
  policy: Pick<Policy, "scopes">,
): string {
  return report ? `public until ${report.until}` : formatRequirement(requirement, policy);
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
  // Only those that are named are put into words.
  const named = expression.of.slice(0, MAX_NAMED_PARTS).map((part) => formatExpression(part, policy, true));
  const words = joined(named, expression.kind === "anyOf" ? "or" : "and", expression.of.length);
  return isNested ? `(${words})` : words;
}

/** @param count how many there are, named or not */
function joined(parts: readonly string[], word: "or" | "and", count = parts.length): string {
  const more = count - MAX_NAMED_PARTS;
  return [...parts.slice(0, MAX_NAMED_PARTS), ...(more > 0 ? [`${more} more`] : [])].join(` ${word} `);
}
