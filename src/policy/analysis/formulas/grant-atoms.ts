import type { ClaimPath, GuaranteedExpression, Issuer, Policy } from "../../policy.ts";
import { claimAtom, exactAtom, pointerTo } from "../../requirements/conditions.ts";
import { effectiveScopes } from "../../scopes.ts";

/**
 * The atoms of conditions that bring a scope along, by the scope's full name: a token whose claim has that value also
 * grants what the issuer's `grants` list for it.
 */
export type GrantAtoms = ReadonlyMap<string, readonly string[]>;

/** What conditions look at, by the JSON Pointer of the claim. */
interface LookedAt {
  /** The values that some condition lists. */
  readonly values: Set<string>;
  /** Whether some condition compares the claim with a parameter. */
  isCompared: boolean;
}

/** The claims that conditions of some policies look at, by their JSON Pointers. */
export type ConditionClaims = ReadonlyMap<string, LookedAt>;

type WithConditions = Pick<Policy, "routes" | "guarantees">;

/** Collects the claims that conditions of routes and guarantees look at. */
export function conditionClaims(policies: readonly WithConditions[]): ConditionClaims {
  const found = new Map<string, LookedAt>();
  const at = (claim: ClaimPath): LookedAt => {
    const pointer = pointerTo(claim);
    const known = found.get(pointer) ?? { values: new Set(), isCompared: false };
    found.set(pointer, known);
    return known;
  };
  const visit = (expression: GuaranteedExpression): void => {
    if (expression.kind === "anyOf" || expression.kind === "allOf") expression.of.forEach(visit);
    else if (expression.kind === "claim") for (const value of expression.in) at(expression.claim).values.add(value);
    else if (expression.kind === "named-parameter") at(expression.equals).isCompared = true;
  };
  for (const { routes, guarantees } of policies) {
    for (const requirement of new Set(routes.map((route) => route.requirement))) {
      if (requirement.kind !== "scopes") continue;
      for (const condition of requirement.conditions ?? []) {
        if (condition.kind === "claim") visit(condition);
        else at(condition.equals).isCompared = true;
      }
    }
    for (const { claim } of guarantees) if (claim.kind === "requires") visit(claim.expression);
  }
  return found;
}

/**
 * What conditions bring along for tokens of an issuer.
 *
 * @param isGranted which scopes the tokens may grant at all; default: all that the issuer may
 */
export function grantAtoms(
  { scopes }: Pick<Policy, "scopes">,
  { name, grants }: Issuer,
  claims: ConditionClaims,
  isGranted: (scope: string) => boolean = () => true,
): GrantAtoms {
  const found = new Map<string, string[]>();
  for (const { claim, byValue } of grants) {
    const looked = claims.get(pointerTo(claim));
    if (looked === undefined) continue;
    for (const [value, granted] of byValue) {
      const atoms = [
        ...(looked.values.has(value) ? [claimAtom(claim, value)] : []),
        ...(looked.isCompared || looked.values.has(value) ? [exactAtom(claim, value)] : []),
      ];
      for (const scope of effectiveScopes(scopes, name, granted.filter(isGranted))) {
        const known = found.get(scope) ?? [];
        known.push(...atoms);
        found.set(scope, known);
      }
    }
  }
  return found;
}

/** The scopes that the value of an atom grants to tokens of an issuer, without those that they imply. */
export function scopesBroughtBy(claim: ClaimPath, value: string, { grants }: Issuer): readonly string[] {
  const pointer = pointerTo(claim);
  return grants.flatMap((it) => (pointerTo(it.claim) === pointer ? (it.byValue.get(value) ?? []) : []));
}
