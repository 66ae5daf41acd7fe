import type { Requirement, ScopeExpression } from "./policy.ts";

/**
 * How a requirement decides on a caller. `token-needed`: send a valid token; `issuer-refused`: get one from another issuer;
 * `scopes-needed`: get one with more scopes.
 */
export type Authorization = "permitted" | "token-needed" | "issuer-refused" | "scopes-needed";

/** What a caller's valid token gives it. */
export interface Holder {
  /** Name of the token's issuer. */
  readonly issuer: string;
  /** Full names of the scopes that the token grants, with all that they imply. */
  readonly effective: ReadonlySet<string>;
}

/**
 * Decides whether a requirement admits a caller. This is the only place that decides it: the gateway, the access matrix,
 * the diff and the lints all ask here. Throws for a requirement of unknown kind, which only a damaged compiled policy
 * can have: nobody is admitted.
 *
 * @param holder what the caller's valid token gives it; `undefined`: the caller has no valid token
 */
export function authorize(requirement: Requirement, holder: Holder | undefined): Authorization {
  if (requirement.kind === "public") return "permitted";
  if (holder === undefined) return requirement.kind === "optional" ? "permitted" : "token-needed";
  if (!acceptsIssuer(requirement, holder.issuer)) return "issuer-refused";
  switch (requirement.kind) {
    case "optional":
    case "authenticated":
      return "permitted";
    case "scopes":
      return meets(requirement.expression, holder.effective) ? "permitted" : "scopes-needed";
    default:
      return failClosed(requirement);
  }
}

/**
 * Whether scopes, by full name, satisfy an expression. Comparison is exact. Implied scopes count only if they are in
 * `scopes`. Throws for an expression of unknown kind. Recurses once for each group around a scope, of which
 * `MAX_NESTED_GROUPS` bounds the number.
 */
export function meets(expression: ScopeExpression, scopes: ReadonlySet<string>): boolean {
  switch (expression.kind) {
    case "scope":
      return scopes.has(expression.name);
    case "anyOf":
      return expression.of.some((part) => meets(part, scopes));
    case "allOf":
      return expression.of.every((part) => meets(part, scopes));
    default:
      return failClosed(expression);
  }
}

/** Whether a requirement, public ones aside, accepts tokens of the issuer with this name. */
export function acceptsIssuer(requirement: Requirement, issuer: string): boolean {
  return requirement.kind === "public" || requirement.issuers === undefined || requirement.issuers.includes(issuer);
}

/** Whether a requirement admits callers without a token. On an optional route, every caller can leave the token out. */
export function admitsAnyone(requirement: Requirement): boolean {
  return authorize(requirement, undefined) === "permitted";
}

/** Whether a caller can make such a request, with its token or without. */
export function admits(requirement: Requirement, holder: Holder | undefined): boolean {
  return admitsAnyone(requirement) || authorize(requirement, holder) === "permitted";
}

/** A new kind does not compile until it has a case of its own. */
function failClosed(_unknown: never): never {
  throw new Error("requirement of unknown kind");
}
