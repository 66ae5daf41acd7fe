import type { Requirement, ScopeExpression } from "./policy.ts";

/** What a requirement says of a caller. `token-needed`: any valid token would do or help; `scopes-needed`: more scopes. */
export type Authorization = "permitted" | "token-needed" | "scopes-needed";

/**
 * Whether a requirement admits a caller: the only place that decides it. The gateway, the access matrix, the diff and the
 * lints all ask here. A requirement of a kind that is not known admits nobody.
 *
 * @param effective full names of the scopes that the caller's valid token grants, with all that they imply (see
 * `withImplied`); `undefined`: the caller has no valid token
 */
export function authorize(requirement: Requirement, effective: ReadonlySet<string> | undefined): Authorization {
  if (requirement.kind === "public") return "permitted";
  if (effective === undefined) return "token-needed";
  switch (requirement.kind) {
    case "authenticated":
      return "permitted";
    case "scopes":
      return meets(requirement.expression, effective) ? "permitted" : "scopes-needed";
    default:
      return failClosed(requirement);
  }
}

/**
 * Whether scopes, by full name, satisfy an expression. Comparison is exact. What a scope implies counts only if it is in
 * `scopes`.
 */
export function meets(expression: ScopeExpression, scopes: ReadonlySet<string>): boolean {
  switch (expression.kind) {
    case "scope":
      return scopes.has(expression.name);
    case "anyOf":
      return expression.of.some((part) => meets(part, scopes));
    case "allOf":
      return expression.of.every((part) => meets(part, scopes));
  }
}

/** Whether a requirement admits callers without a token. */
export function admitsAnyone(requirement: Requirement): boolean {
  return authorize(requirement, undefined) === "permitted";
}

/** A damaged compiled policy could hold any kind. A new kind does not compile until `authorize` has a case for it. */
function failClosed(_requirement: never): Authorization {
  return "scopes-needed";
}
