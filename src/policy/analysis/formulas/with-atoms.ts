import type { Condition, Expression, GuaranteedExpression, ScopeExpression, ScopeLeaf } from "../../policy.ts";
import { parameterAtom } from "../../requirements/conditions.ts";
import { parametersOf } from "../../routing/path-pattern.ts";

/**
 * The expression with atoms in place of its conditions, as if they were scopes. One of several values of a claim is an
 * `anyOf`, so a longer list is looser. The same object if there is no condition. Recurses once for each group.
 *
 * @param leafOf what stands for a condition; default: its atoms
 */
export function withAtoms(
  expression: ScopeExpression,
  leafOf: (condition: Condition) => Expression<ScopeLeaf> = atomsOf,
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

function atomsOf(condition: Condition): Expression<ScopeLeaf> {
  return condition.kind === "claim" ? { kind: "anyOf", of: condition.atoms.map(leaf) } : leaf(condition.atom);
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

/** Whether an expression of a guarantee means something else on another route. Recurses once for each group. */
export function namesParameters(expression: GuaranteedExpression): boolean {
  if (expression.kind === "anyOf" || expression.kind === "allOf") return expression.of.some(namesParameters);
  return expression.kind === "named-parameter";
}
