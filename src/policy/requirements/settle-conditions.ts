import type { Condition, Expression, ScopeExpression, ScopeLeaf } from "./requirement.ts";

/**
 * What an expression asks for once it is known which conditions are met: an expression over scopes, or `true` or
 * `false` if no scope matters. Recurses once for each group.
 */
export function settleConditions(
  expression: ScopeExpression,
  isMet: (condition: Condition) => boolean,
): Expression<ScopeLeaf> | boolean {
  switch (expression.kind) {
    case "scope":
      return expression;
    case "claim":
    case "parameter":
      return isMet(expression);
    default: {
      // One such part decides the whole group. The others say nothing more.
      const decisive = expression.kind === "anyOf";
      const of: Expression<ScopeLeaf>[] = [];
      for (const part of expression.of) {
        const settled = settleConditions(part, isMet);
        if (settled === decisive) return decisive;
        if (typeof settled !== "boolean") of.push(settled);
      }
      return of.length === 0 ? !decisive : { kind: expression.kind, of };
    }
  }
}

/** Full names of the scopes in an expression, each once, in order. Recurses once for each group. */
export function scopesIn(expression: Expression<ScopeLeaf>): readonly string[] {
  const names = new Set<string>();
  const visit = (part: Expression<ScopeLeaf>): void => {
    if (part.kind === "scope") names.add(part.name);
    else for (const inner of part.of) visit(inner);
  };
  visit(expression);
  return [...names];
}
