import type { ScopeExpression, ScopeTable } from "../policy.ts";

/** A scope expression with what became of each of its parts. */
export type RequirementOutcome =
  | {
      readonly kind: "scope";
      readonly name: string;
      readonly met: boolean;
      /** The granted scope that implies it, where it is not granted itself. */
      readonly impliedBy: string | undefined;
    }
  | { readonly kind: "anyOf" | "allOf"; readonly met: boolean; readonly of: readonly RequirementOutcome[] };

/**
 * Holds an expression against granted scopes, by full name and without what they imply, and says of every part whether
 * it is met. The whole is met exactly where `meets` says so of the granted scopes with all that they imply.
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
