import { acceptsIssuer, asksForBinding } from "../../authorize.ts";
import type { Policy, Requirement, ScopeExpression } from "../../policy.ts";
import { remembering } from "../../remembering.ts";
import { bindingOf } from "../../requirements/binding.ts";
import { SENDER_CONSTRAINED } from "../../requirements/conditions.ts";
import { createFormulaOf } from "./expand-implied.ts";
import { type Comparison, FALSE, type Formula, TRUE } from "./formula.ts";
import type { Origin } from "./origins.ts";
import { createPinned, leaf, type Pins } from "./with-atoms.ts";
import { createWithStepUp } from "./with-step-up.ts";

/** Which valid tokens a requirement admits: a formula for each origin, in their order. */
export type Access = readonly Formula[];

/** Says which valid tokens the requirements of one policy admit. */
export interface AccessOf {
  /**
   * The tokens that a requirement admits. For requirements that admit the same by their text it returns the same
   * object. Does not tell whether a requirement also admits callers without a token: see `admitsAnyone`.
   *
   * @param pins the segments of the class of paths that is asked about; default: all can be any text
   */
  readonly byIssuer: (requirement: Requirement, pins?: Pins) => Access;
  /** The same if the requirement accepted every issuer. */
  readonly fromAnyIssuer: (requirement: Requirement, pins?: Pins) => Access;
}

/**
 * @param origins those of the policy, or of several that are compared
 * @param at the place of the policy among these
 */
export function createAccessOf(policy: Pick<Policy, "scopes">, origins: readonly Origin[], at = 0): AccessOf {
  const names = origins.map(({ issuers }) => issuers[at]?.[0]?.name);
  const one = interner();
  const everyone = one(names.map(() => TRUE));
  const { free, onClass } = formulasOf(policy, origins, at);
  const ofExpression = rememberingFormulas(free, one);
  // Only a tenant that is a literal of some path makes a difference.
  const ofExpressionOnClass = onClass === free ? ofExpression : rememberingFormulas(onClass, one);
  const withBinding = createWithBinding(origins, at, one);
  const withStepUp = createWithStepUp(origins, at, one);
  const fromAny = (requirement: Requirement, of = ofExpression): Access => {
    const access = withBinding(requirement.kind === "scopes" ? of(requirement.expression) : everyone, requirement);
    return withStepUp(access, requirement);
  };
  const byNamed = (of: typeof ofExpression) => {
    const restricted = remembering((requirement: Requirement) =>
      one(fromAny(requirement, of).map((formula, origin) => (accepts(requirement, names[origin]) ? formula : FALSE))),
    );
    return (requirement: Requirement): Access =>
      requirement.kind === "public" || requirement.issuers === undefined
        ? fromAny(requirement, of)
        : restricted(requirement);
  };
  const byIssuer = byNamed(ofExpression);
  const byIssuerOnClass = onClass === free ? byIssuer : byNamed(ofExpressionOnClass);
  const pinned = createPinned();
  return {
    fromAnyIssuer: (requirement, pins) =>
      pins ? fromAny(pinned(requirement, pins), ofExpressionOnClass) : fromAny(requirement),
    byIssuer: (requirement, pins) => (pins ? byIssuerOnClass(pinned(requirement, pins)) : byIssuer(requirement)),
  };
}

/**
 * Adds to formulas that the token is bound, where the requirement asks for it, or its issuer does. An issuer that binds
 * no tokens has none that meets such a requirement.
 */
function createWithBinding(origins: readonly Origin[], at: number, one: (access: Access) => Access) {
  if (origins[0]?.tellsBound !== true) return (access: Access): Access => access;
  // An issuer that the policy does not have has no tokens there.
  const bindings = origins.map(({ issuers }) => (issuers[at]?.[0] ? bindingOf(issuers[at][0]) : "possible"));
  const and = (access: Access, asks: boolean): Access =>
    one(
      access.map((formula, origin) => {
        if (formula === FALSE || (bindings[origin] !== "always" && !asks)) return formula;
        return bindings[origin] === "never" ? FALSE : { kind: "allOf", of: [formula, leaf(SENDER_CONSTRAINED)] };
      }),
    );
  const asking = remembering((access: Access) => and(access, true));
  const others = remembering((access: Access) => and(access, false));
  return (access: Access, requirement: Requirement): Access => {
    if (requirement.kind === "public" || requirement.kind === "optional") return access;
    return asksForBinding(requirement) ? asking(access) : others(access);
  };
}

function rememberingFormulas(formulaOfs: readonly FormulaOf[], one: (access: Access) => Access) {
  return remembering((expression: ScopeExpression) => one(formulaOfs.map((formulaOf) => formulaOf(expression))));
}

/** Whether a requirement that names issuers accepts one. It does not accept an issuer that the policy does not have. */
function accepts(requirement: Requirement, issuer: string | undefined): boolean {
  return issuer !== undefined && acceptsIssuer(requirement, issuer);
}

type FormulaOf = ReturnType<typeof createFormulaOf>;

/**
 * What makes formulas of expressions, for each origin. Origins of which the same is known share it. `onClass`: for
 * classes of paths; the same object if that makes no difference.
 */
function formulasOf({ scopes }: Pick<Policy, "scopes">, origins: readonly Origin[], at: number) {
  const known = new Map<string, FormulaOf>();
  const make = (isOnClass: boolean): readonly FormulaOf[] =>
    origins.map(({ issuers, tenant, grants }) => {
      const issuer = issuers[at]?.[0]?.name;
      const mayGrant = Array.from(scopes.issuersOf.values(), (names) => issuer !== undefined && names.includes(issuer));
      const facts = { tenant, grants: grants?.[at], isOnClass: isOnClass && tenant?.isInPaths === true };
      const key = JSON.stringify([mayGrant, facts], (_, it) => (it instanceof Set || it instanceof Map ? [...it] : it));
      const formulaOf = known.get(key) ?? createFormulaOf(scopes, issuer, facts);
      known.set(key, formulaOf);
      return formulaOf;
    });
  const free = make(false);
  return { free, onClass: origins.some(({ tenant }) => tenant?.isInPaths) ? make(true) : free };
}

/** Returns a function that gives the same object for the same formulas. */
function interner(): (access: Access) => Access {
  const numbers = new Map<Formula, number>();
  const known = new Map<string | Formula, Access>();
  const numberOf = (formula: Formula): number => {
    const number = numbers.get(formula) ?? numbers.size;
    numbers.set(formula, number);
    return number;
  };
  return (access) => {
    const [first] = access;
    // Most policies have one origin, and a hundred thousand routes may need as many formulas.
    const key = access.length === 1 && first ? first : access.map(numberOf).join();
    const same = known.get(key) ?? access;
    known.set(key, same);
    return same;
  };
}

/** A set of scopes that makes a difference for the tokens of an origin. */
export interface Difference {
  readonly origin: Origin;
  /** Whether all tokens come from this origin. */
  readonly isOnly: boolean;
  /** Full names of the scopes that such a token grants. */
  readonly scopes: ReadonlySet<string>;
}

/** How two policies' requirements compare, with a token that only one of them admits, for each direction. */
export interface AccessComparison {
  readonly relation: Comparison["relation"];
  /** Is admitted now, and was not. Set for `looser` and `incomparable`. */
  readonly gained: Difference | undefined;
  /** Was admitted, and is not now. Set for `tighter` and `incomparable`. */
  readonly lost: Difference | undefined;
}

/**
 * Puts the comparisons of all origins together. A policy admits no token of an issuer that it does not have, so nothing
 * is gained or lost there by a requirement: that the issuer comes or goes is a change of its own.
 *
 * @param compare compares the formulas of one origin before and after
 */
export function compareAccess(
  before: Access,
  after: Access,
  origins: readonly Origin[],
  compare: (before: Formula, after: Formula) => Comparison,
): AccessComparison {
  let gained: Difference | undefined;
  let lost: Difference | undefined;
  for (const [at, origin] of origins.entries()) {
    const found = compare(before[at] ?? FALSE, after[at] ?? FALSE);
    const isOnly = origins.length === 1;
    const [had, has] = [0, 1].map((policy) => isAccepted(origin, policy, isOnly));
    if (found.gained && has) gained ??= { origin, isOnly, scopes: found.gained };
    if (found.lost && had) lost ??= { origin, isOnly, scopes: found.lost };
  }
  return { relation: gained ? (lost ? "incomparable" : "looser") : lost ? "tighter" : "equal", gained, lost };
}

function isAccepted({ issuers, tenant }: Origin, policy: number, isOnly: boolean): boolean {
  return (isOnly || (issuers[policy]?.length ?? 0) > 0) && tenant?.isAccepted[policy] !== false;
}
