import { acceptsIssuer } from "../../authorize.ts";
import type { Policy, Requirement, ScopeExpression } from "../../policy.ts";
import { type Comparison, createFormulaOf, FALSE, type Formula, TRUE } from "./formula.ts";
import type { GrantAtoms } from "./grant-atoms.ts";
import type { Origin } from "./origins.ts";
import { createPinned, type Pins } from "./with-atoms.ts";

/** Which valid tokens a requirement admits: a formula for each origin, in their order. */
export type Access = readonly Formula[];

/** Says which valid tokens the requirements of one policy admit. */
export interface AccessOf {
  /**
   * The tokens that a requirement admits. For requirements that admit the same by their text it returns the same object.
   * Does not tell whether a requirement also admits callers without a token: see `admitsAnyone`.
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
  const brought = origins.map(({ grantAtoms }) => grantAtoms?.[at]);
  const formulaOfs = formulasOf(policy, names, brought);
  const one = interner();
  const everyone = one(names.map(() => TRUE));
  const ofExpression = remembering((expression: ScopeExpression) =>
    one(formulaOfs.map((formulaOf) => formulaOf(expression))),
  );
  const fromAnyIssuer = (requirement: Requirement): Access =>
    requirement.kind === "scopes" ? ofExpression(requirement.expression) : everyone;
  const restricted = remembering((requirement: Requirement) =>
    one(fromAnyIssuer(requirement).map((formula, origin) => (accepts(requirement, names[origin]) ? formula : FALSE))),
  );
  const pinned = createPinned();
  const byIssuer = (requirement: Requirement): Access =>
    requirement.kind === "public" || requirement.issuers === undefined
      ? fromAnyIssuer(requirement)
      : restricted(requirement);
  return {
    fromAnyIssuer: (requirement, pins) => fromAnyIssuer(pins ? pinned(requirement, pins) : requirement),
    byIssuer: (requirement, pins) => byIssuer(pins ? pinned(requirement, pins) : requirement),
  };
}

function remembering<Key extends object>(make: (key: Key) => Access): (key: Key) => Access {
  const known = new Map<Key, Access>();
  return (key) => {
    const access = known.get(key) ?? make(key);
    known.set(key, access);
    return access;
  };
}

/** Whether a requirement that names issuers accepts one. It does not accept an issuer that the policy does not have. */
function accepts(requirement: Requirement, issuer: string | undefined): boolean {
  return issuer !== undefined && acceptsIssuer(requirement, issuer);
}

/** What makes formulas of expressions, for each origin. Origins that may grant the same scopes share it. */
function formulasOf(
  { scopes }: Pick<Policy, "scopes">,
  names: readonly (string | undefined)[],
  brought: readonly (GrantAtoms | undefined)[],
) {
  const byGrantors = new Map<string, ReturnType<typeof createFormulaOf>>();
  return names.map((name, origin) => {
    const atoms = brought[origin];
    const mayGrant = Array.from(scopes.issuersOf.values(), (issuers) => name !== undefined && issuers.includes(name));
    const key = JSON.stringify([mayGrant, ...(atoms ?? [])]);
    const known = byGrantors.get(key) ?? createFormulaOf(scopes, name, atoms);
    byGrantors.set(key, known);
    return known;
  });
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
 * Puts the comparisons of all origins together. A policy admits no token of an issuer that it does not have, so nothing is
 * gained or lost there by a requirement: that the issuer comes or goes is a change of its own.
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
    const [had, has] = isOnly ? [true, true] : origin.issuers.map(({ length }) => length > 0);
    if (found.gained && has) gained ??= { origin, isOnly, scopes: found.gained };
    if (found.lost && had) lost ??= { origin, isOnly, scopes: found.lost };
  }
  return { relation: gained ? (lost ? "incomparable" : "looser") : lost ? "tighter" : "equal", gained, lost };
}
