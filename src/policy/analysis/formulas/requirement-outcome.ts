import type { ScopeExpression, ScopeTable } from "../../policy.ts";

/** A scope expression, with whether each of its parts is met. */
export type RequirementOutcome =
  | {
      readonly kind: "scope";
      readonly name: string;
      readonly met: boolean;
      /** If the scope is not granted itself: the granted scope that implies it. */
      readonly impliedBy: string | undefined;
    }
  | { readonly kind: "anyOf" | "allOf"; readonly met: boolean; readonly of: readonly RequirementOutcome[] };

/**
 * Evaluates an expression and tells for every part whether it is met. The whole is met exactly if `meets` says so for the
 * granted scopes with all that they imply.
 *
 * @param granted full names of the scopes that a token itself grants, without implied ones
 */
export function requirementOutcome(
  expression: ScopeExpression,
  granted: Iterable<string>,
  table: ScopeTable,
): RequirementOutcome {
  const direct = new Set(granted);
  const impliedBy = new Map<string, string>();
  for (const name of direct) {
    for (const implied of table.byFullName.get(name)?.implies ?? []) {
      if (!direct.has(implied) && !impliedBy.has(implied)) impliedBy.set(implied, name);
    }
  }
  const outcomeOf = (part: ScopeExpression): RequirementOutcome => {
    if (part.kind === "scope") {
      const { kind, name } = part;
      return { kind, name, met: direct.has(name) || impliedBy.has(name), impliedBy: impliedBy.get(name) };
    }
    const of = part.of.map(outcomeOf);
    return { kind: part.kind, met: part.kind === "anyOf" ? of.some(isMet) : of.every(isMet), of };
  };
  return outcomeOf(expression);
}

function isMet({ met }: RequirementOutcome): boolean {
  return met;
}
