import { type Held, meets } from "../../authorize.ts";
import type { ClaimCondition, Condition, ParameterCondition, ScopeExpression, ScopeTable } from "../../policy.ts";
import { mayGrant } from "../../scopes.ts";

/** An expression, with whether each of its parts is met. */
export type RequirementOutcome =
  | {
      readonly kind: "scope";
      readonly name: string;
      readonly met: boolean;
      /** If the scope is not granted itself: the granted scope that implies it. */
      readonly impliedBy: string | undefined;
    }
  | ConditionOutcome
  | { readonly kind: "anyOf" | "allOf"; readonly met: boolean; readonly of: readonly RequirementOutcome[] };

/** A condition, and whether it is met. */
export type ConditionOutcome = (
  | Pick<ClaimCondition, "kind" | "claim" | "in">
  | Pick<ParameterCondition, "kind" | "name" | "equals">
) & { readonly met: boolean };

const NOTHING: Held = new Set<string>();

/** @param held the atoms of the conditions that are met */
export function conditionOutcome(condition: Condition, held: Held): ConditionOutcome {
  const met = meets(condition, held);
  if (condition.kind === "claim") return { kind: condition.kind, claim: condition.claim, in: condition.in, met };
  return { kind: condition.kind, name: condition.name, equals: condition.equals, met };
}

/**
 * Evaluates an expression and tells for every part whether it is met. The whole is met exactly if `meets` says so for
 * the granted scopes with all that they imply.
 *
 * @param granted full names of the scopes that a token itself grants, without implied ones
 * @param held the atoms of the conditions that are met; default: none
 * @param issuer name of the token's issuer: what it may not grant is not implied either; default: it may grant
 * everything
 */
export function requirementOutcome(
  expression: ScopeExpression,
  granted: Iterable<string>,
  table: ScopeTable,
  held: Held = NOTHING,
  issuer?: string,
): RequirementOutcome {
  const direct = new Set(granted);
  const impliedBy = new Map<string, string>();
  for (const name of direct) {
    for (const implied of table.byFullName.get(name)?.implies ?? []) {
      if (direct.has(implied) || impliedBy.has(implied)) continue;
      if (issuer === undefined || mayGrant(table, issuer, implied)) impliedBy.set(implied, name);
    }
  }
  const outcomeOf = (part: ScopeExpression): RequirementOutcome => {
    if (part.kind === "scope") {
      const { kind, name } = part;
      return { kind, name, met: direct.has(name) || impliedBy.has(name), impliedBy: impliedBy.get(name) };
    }
    if (part.kind === "claim" || part.kind === "parameter") return conditionOutcome(part, held);
    const of = part.of.map(outcomeOf);
    return { kind: part.kind, met: part.kind === "anyOf" ? of.some(isMet) : of.every(isMet), of };
  };
  return outcomeOf(expression);
}

function isMet({ met }: RequirementOutcome): boolean {
  return met;
}
