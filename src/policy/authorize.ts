import type { Requirement, ScopeExpression, StepUp } from "./policy.ts";
import { atomsOf, SENDER_CONSTRAINED } from "./requirements/conditions.ts";
import { meetsStepUp, stepUpAtoms, stepUpOf } from "./requirements/step-up.ts";

/**
 * How a requirement decides on a caller. `token-needed`: send a valid token; `issuer-refused`: get one from another
 * issuer; `binding-needed`: get one that is bound to its sender; `scopes-needed`: get one with more scopes;
 * `conditions-needed`: no scopes are enough while these conditions are not met; `authentication-needed`: the user must
 * authenticate again, or in another way (RFC 9470).
 */
export type Authorization =
  | "permitted"
  | "token-needed"
  | "issuer-refused"
  | "binding-needed"
  | "scopes-needed"
  | "conditions-needed"
  | "authentication-needed";

/** Names of scopes and atoms of conditions, as far as an expression looks at them. */
export interface Held {
  has(name: string): boolean;
}

/** What a caller's valid token gives it. */
export interface Holder {
  /** Name of the token's issuer. */
  readonly issuer: string;
  /**
   * Full names of the scopes that the token grants, with all that they imply, and the atoms of the conditions that it
   * meets: see `conditions.ts`.
   */
  readonly effective: ReadonlySet<string>;
  /** For tools: whether some of the tokens that this is about are bound to their sender. Left out: none is. */
  readonly canBeBound?: true;
}

/**
 * Decides whether a requirement admits a caller. This is the only place that decides it: the gateway, the access
 * matrix, the diff and the lints all ask here. Throws for a requirement of unknown kind, which only a damaged compiled
 * policy can have: nobody is admitted.
 *
 * @param holder what the caller's valid token gives it; `undefined`: the caller has no valid token
 */
export function authorize(
  requirement: Requirement,
  holder: (Pick<Holder, "issuer"> & { readonly effective: Held }) | undefined,
): Authorization {
  if (requirement.kind === "public") return "permitted";
  if (holder === undefined) return requirement.kind === "optional" ? "permitted" : "token-needed";
  if (!acceptsIssuer(requirement, holder.issuer)) return "issuer-refused";
  if (asksForBinding(requirement) && !holder.effective.has(SENDER_CONSTRAINED)) return "binding-needed";
  switch (requirement.kind) {
    case "optional":
      return "permitted";
    case "authenticated":
      return afterStepUp(requirement.authentication, holder.effective);
    case "scopes":
      // Last, so that no user authenticates again in vain.
      if (meets(requirement.expression, holder.effective)) {
        return afterStepUp(requirement.authentication, holder.effective);
      }
      return requirement.conditions === undefined || meetsWithAllScopes(requirement.expression, holder.effective)
        ? "scopes-needed"
        : "conditions-needed";
    default:
      return failClosed(requirement);
  }
}

function afterStepUp(stepUp: StepUp | undefined, held: Held): Authorization {
  return stepUp === undefined || meetsStepUp(stepUp, held) ? "permitted" : "authentication-needed";
}

/**
 * Whether scopes, by full name, and atoms of conditions satisfy an expression. Comparison is exact. Implied scopes
 * count only if they are in `held`. Throws for an expression of unknown kind. Recurses once for each group around a
 * scope, of which `MAX_NESTED_GROUPS` bounds the number.
 */
export function meets(expression: ScopeExpression, held: Held): boolean {
  switch (expression.kind) {
    case "scope":
      return held.has(expression.name);
    case "claim":
      return expression.atoms.some((atom) => held.has(atom));
    case "parameter":
      return held.has(expression.atom);
    case "anyOf":
      return expression.of.some((part) => meets(part, held));
    case "allOf":
      return expression.of.every((part) => meets(part, held));
    default:
      return failClosed(expression);
  }
}

/** Like `meets`, as if every scope were held. Recurses like `meets`. */
function meetsWithAllScopes(expression: ScopeExpression, held: Held): boolean {
  switch (expression.kind) {
    case "scope":
      return true;
    case "claim":
    case "parameter":
      return meets(expression, held);
    case "anyOf":
      return expression.of.some((part) => meetsWithAllScopes(part, held));
    case "allOf":
      return expression.of.every((part) => meetsWithAllScopes(part, held));
    default:
      return failClosed(expression);
  }
}

/** Whether a requirement, public ones aside, accepts tokens of the issuer with this name. */
export function acceptsIssuer(requirement: Requirement, issuer: string): boolean {
  return requirement.kind === "public" || requirement.issuers === undefined || requirement.issuers.includes(issuer);
}

/** Whether a requirement asks for a token that is bound to its sender. */
export function asksForBinding(requirement: Requirement): boolean {
  return "senderConstrained" in requirement && requirement.senderConstrained === true;
}

/** Whether a requirement admits callers without a token. On an optional route, every caller can leave the token out. */
export function admitsAnyone(requirement: Requirement): boolean {
  return authorize(requirement, undefined) === "permitted";
}

/**
 * Whether a caller can make such a request, with its token or without, if it meets all conditions. For tools: which
 * conditions a caller meets depends on more than its scopes.
 */
export function admits(requirement: Requirement, holder: Holder | undefined): boolean {
  if (admitsAnyone(requirement)) return true;
  const conditions = requirement.kind === "scopes" ? (requirement.conditions ?? []) : [];
  const stepUp = stepUpOf(requirement);
  if (holder === undefined || (conditions.length === 0 && stepUp === undefined && !asksForBinding(requirement))) {
    return authorize(requirement, holder) === "permitted";
  }
  const { issuer, effective, canBeBound } = holder;
  const atoms = new Set([
    ...conditions.flatMap(atomsOf),
    ...(canBeBound ? [SENDER_CONSTRAINED] : []),
    ...(stepUp ? stepUpAtoms(stepUp) : []),
  ]);
  const held: Held = { has: (name) => atoms.has(name) || effective.has(name) };
  return authorize(requirement, { issuer, effective: held }) === "permitted";
}

/** A new kind does not compile until it has a case of its own. */
function failClosed(_unknown: never): never {
  throw new Error("requirement of unknown kind");
}
