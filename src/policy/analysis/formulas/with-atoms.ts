import type {
  Condition,
  Expression,
  GuaranteedExpression,
  Requirement,
  ScopeExpression,
  ScopeLeaf,
} from "../../policy.ts";
import { claimAtom, exactAtom, isSingleValue, parameterAtom, readAtom } from "../../requirements/conditions.ts";
import { parametersOf } from "../../routing/path-pattern.ts";

/**
 * The expression with atoms in place of its conditions, as if they were scopes. One of several values of a claim is an
 * `anyOf`, so a longer list is looser. The same object if there is no condition. Recurses once for each group.
 *
 * @param leafOf what stands for a condition; default: its atoms
 */
export function withAtoms(
  expression: ScopeExpression,
  leafOf: (condition: Condition) => Expression<ScopeLeaf> = conditionLeaves,
): Expression<ScopeLeaf> {
  switch (expression.kind) {
    case "scope":
      return expression;
    case "claim":
    case "parameter":
      return leafOf(expression);
    default: {
      const of = expression.of.map((part) => withAtoms(part, leafOf));
      const isChanged = of.some((part, at) => part !== expression.of[at]);
      return isChanged ? { kind: expression.kind, of } : (expression as Expression<ScopeLeaf>);
    }
  }
}

/** Something as a leaf of a formula. */
export function leaf(name: string): ScopeLeaf {
  return { kind: "scope", name };
}

/**
 * A claim that is exactly a string is also one of some values with that string. The other way round, it may be an
 * array, except for a claim that counts only as one string.
 */
export function conditionLeaves(condition: Condition): Expression<ScopeLeaf> {
  if (condition.kind === "claim") {
    const exact = condition.in.map((value) => exactAtom(condition.claim, value));
    return { kind: "anyOf", of: [...condition.atoms, ...exact].map(leaf) };
  }
  const meaning = readAtom(condition.atom);
  if (meaning?.kind !== "exactly" || !isSingleValue(meaning.claim)) return leaf(condition.atom);
  return { kind: "anyOf", of: [leaf(condition.atom), leaf(claimAtom(meaning.claim, meaning.value))] };
}

/**
 * The decoded segments of a class of paths. `undefined`: the segment can be any text. `null`: it has path parameters or
 * an encoded slash, so it equals no claim (`parameterAt`).
 */
export type Pins = readonly (string | null | undefined)[];

/**
 * Returns a function that gives a requirement as it is for a class of paths: where a segment is fixed, a condition on
 * it asks for a claim that is exactly that text. The same object if no condition looks at a fixed segment. It gives one
 * object for equal questions.
 */
export function createPinned(): (requirement: Requirement, pins: Pins) => Requirement {
  const known = new WeakMap<Requirement, Map<string, Requirement>>();
  return (requirement, pins) => {
    const segments = pinnedSegments(requirement).filter((segment) => pins[segment] !== undefined);
    if (requirement.kind !== "scopes" || segments.length === 0) return requirement;
    const byPins = known.get(requirement) ?? new Map<string, Requirement>();
    known.set(requirement, byPins);
    const key = JSON.stringify(segments.map((segment) => [segment, pins[segment]]));
    const pinned = byPins.get(key) ?? { ...requirement, expression: withPins(requirement.expression, pins) };
    byPins.set(key, pinned);
    return pinned;
  };
}

/** The segments that conditions of a requirement look at, in order. */
export function pinnedSegments(requirement: Requirement): readonly number[] {
  if (requirement.kind !== "scopes" || requirement.conditions === undefined) return [];
  const segments = new Set(requirement.conditions.flatMap((it) => (it.kind === "parameter" ? [it.segment] : [])));
  return [...segments].sort((one, other) => one - other);
}

/** No caller meets it. */
const NEVER_MET: ScopeExpression = { kind: "anyOf", of: [] };

/**
 * An expression for paths with these segments: see `createPinned`. No group has a part that `null` rules out; only the
 * whole can be ruled out. Recurses once for each group.
 */
export function withPins(expression: ScopeExpression, pins: Pins): ScopeExpression {
  switch (expression.kind) {
    case "scope":
    case "claim":
      return expression;
    case "parameter": {
      const text = pins[expression.segment];
      if (text === null) return NEVER_MET;
      return text === undefined ? expression : { ...expression, atom: exactAtom(expression.equals, text) };
    }
    default: {
      const of = expression.of.map((part) => withPins(part, pins));
      if (!of.includes(NEVER_MET)) return { kind: expression.kind, of };
      const left = expression.kind === "allOf" ? [] : of.filter((part) => part !== NEVER_MET);
      return left.length === 0 ? NEVER_MET : { kind: "anyOf", of: left };
    }
  }
}

/** What a guarantee asks for on a route: its parameters are those of the route's pattern. */
export function onRoute(expression: GuaranteedExpression, pattern: string): ScopeExpression {
  return withParameters(expression, parametersOf(pattern));
}

function withParameters(expression: GuaranteedExpression, parameters: ReadonlyMap<string, number>): ScopeExpression {
  switch (expression.kind) {
    case "scope":
    case "claim":
      return expression;
    case "named-parameter": {
      const { name, equals } = expression;
      const segment = parameters.get(name);
      if (segment === undefined) return { kind: "anyOf", of: [] };
      return { kind: "parameter", name, segment, equals, atom: parameterAtom(segment, equals) };
    }
    default:
      return { kind: expression.kind, of: expression.of.map((part) => withParameters(part, parameters)) };
  }
}

/** A formula for tokens that always hold these atoms. Recurses once for each group. */
export function withGiven(formula: Expression<ScopeLeaf>, given: ReadonlySet<string>): Expression<ScopeLeaf> {
  if (given.size === 0) return formula;
  if (formula.kind === "scope") return given.has(formula.name) ? { kind: "allOf", of: [] } : formula;
  return { kind: formula.kind, of: formula.of.map((part) => withGiven(part, given)) };
}

/** The parameters that an expression of a guarantee names. Recurses once for each group. */
export function namedParameters(expression: GuaranteedExpression): readonly string[] {
  if (expression.kind === "anyOf" || expression.kind === "allOf") return expression.of.flatMap(namedParameters);
  return expression.kind === "named-parameter" ? [expression.name] : [];
}
