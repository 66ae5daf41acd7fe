import { admitsAnyone, meets } from "../../../authorize.ts";
import type { Policy, Requirement } from "../../../policy.ts";
import { createAccessOf } from "../../formulas/access.ts";
import { FALSE, type Formula, mayHaveCounterexample } from "../../formulas/formula.ts";
import { once } from "../../formulas/once.ts";
import { originsOf } from "../../formulas/origins.ts";

/**
 * Returns a function that says whether one requirement admits a caller whom the other refuses. Two requirements that
 * are too complex to compare count, too.
 */
export function createIsLooser(
  policy: Pick<Policy, "scopes" | "issuers" | "routes" | "resourceServers" | "guarantees" | "registrations">,
): (one: Requirement, other: Requirement) => boolean {
  const accessOf = createAccessOf(policy, originsOf(policy)).byIssuer;
  const known = new Map<Formula, Map<Formula, boolean>>();
  const isLooser = (premise: Formula, conclusion: Formula): boolean =>
    once(known, premise, conclusion, () => admitsMore(premise, conclusion));
  return (one, other) => {
    if (admitsAnyone(other)) return false;
    if (admitsAnyone(one)) return true;
    const conclusions = accessOf(other);
    return accessOf(one).some((premise, origin) => isLooser(premise, conclusions[origin] ?? FALSE));
  };
}

function admitsMore(one: Formula, other: Formula): boolean {
  if (one === other) return false;
  // Nearly all pairs are decided by the first scopes or the last. The search looks at all scopes of a wildcard.
  if (someSets(one).some((scopes) => !meets(other, scopes))) return true;
  return mayHaveCounterexample(one, other);
}

/** Two sets of scopes that satisfy a formula: with the first alternative of each `anyOf`, and with the last. */
function someSets(formula: Formula): readonly ReadonlySet<string>[] {
  return [0, -1]
    .map((at) => {
      const scopes = new Set<string>();
      return collect(formula, at, scopes) ? scopes : undefined;
    })
    .filter((scopes) => scopes !== undefined);
}

/** Returns `false` if the formula has an `anyOf` without alternatives there, so that no set satisfies it. */
function collect(formula: Formula, at: number, into: Set<string>): boolean {
  switch (formula.kind) {
    case "scope":
      into.add(formula.name);
      return true;
    case "allOf":
      return formula.of.every((part) => collect(part, at, into));
    case "anyOf": {
      const alternative = formula.of.at(at);
      return alternative !== undefined && collect(alternative, at, into);
    }
  }
}
