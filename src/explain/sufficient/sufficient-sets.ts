import { FALSE, type Formula, replaceScopes } from "../../policy/analysis/formulas/formula.ts";
import { smallestScopeSets } from "../../policy/analysis/formulas/smallest-scope-sets.ts";
import { leaf, withAtoms } from "../../policy/analysis/formulas/with-atoms.ts";
import { meets } from "../../policy/authorize.ts";
import type { Condition, Issuer, Policy, ScopeExpression } from "../../policy/policy.ts";
import { atomsOf, isAtom, pointerTo } from "../../policy/requirements/conditions.ts";
import { effectiveScopes, mayGrant } from "../../policy/scopes.ts";
import { isEnoughFor, WaysToMeet } from "./ways-to-meet.ts";

/** A smallest set of scopes and conditions for the tokens of one issuer. */
export interface FoundSet {
  readonly scopes: readonly string[];
  readonly conditions: readonly Condition[];
  /** Whether it is enough for a client, where the gateway grants a client only the scopes of its registration. */
  readonly isEnoughWith: (registered: ReadonlySet<string>) => boolean;
}

/** Whether a condition says something about the issuer's tokens that sets of scopes depend on. */
export function dependsOnIssuer({ grants, tenants }: Issuer, conditions: readonly Condition[]): boolean {
  const told = new Set(grants.map(({ claim }) => pointerTo(claim)));
  if (tenants) told.add(pointerTo(tenants.claim));
  return conditions.some((it) => told.has(pointerTo(it.kind === "claim" ? it.claim : it.equals)));
}

/**
 * The smallest sets for one issuer's tokens. A condition on a claim that the issuer maps in `grants` brings scopes
 * along, so these need not be in the set. No set needs a tenant that the issuer does not accept.
 *
 * @param path canonical path of the request, whose segments are compared with claims; `undefined`: any
 * @param registered what a client may be granted; `undefined`: everything
 * @returns `undefined`: there are too many to list
 */
export function sufficientSets(
  expression: ScopeExpression,
  conditions: readonly Condition[],
  { scopes: table }: Pick<Policy, "scopes">,
  issuer: Issuer,
  path?: string,
  registered?: ReadonlySet<string>,
): readonly FoundSet[] | undefined {
  const isGrantable = (name: string): boolean => mayGrant(table, issuer.name, name);
  const effective = (scopes: readonly string[], allowed?: ReadonlySet<string>): ReadonlySet<string> =>
    effectiveScopes(table, issuer.name, allowed ? scopes.filter((name) => allowed.has(name)) : scopes);
  const ways = new WaysToMeet(conditions, issuer, path, effective, registered);
  const met = withAtoms(expression, (condition) => anyOf(ways.meeting(condition).map(({ name }) => name)));
  const formula = replaceScopes(met, (scope) =>
    isAtom(scope.name) ? scope : anyOf([scope.name, ...ways.bringing(scope.name)]),
  );
  const { sets, complete } = smallestScopeSets(formula, table, isGrantable);
  if (!complete) return undefined;
  const found = sets.flatMap((set) => {
    const scopes = [...set].filter((name) => !isAtom(name));
    const taken = [...set].flatMap((name) => ways.byName.get(name) ?? []);
    const joined = ways.together(taken);
    const isEnoughWith = (allowed: ReadonlySet<string>): boolean => {
      const brought = taken.flatMap((way) => [...ways.broughtBy(way, allowed)]);
      const granted = effective([...scopes, ...brought]);
      return meets(met, new Set([...granted, ...taken.map(({ name }) => name)]));
    };
    return joined === undefined ? [] : [{ scopes, granted: effective(scopes), ways: joined, isEnoughWith }];
  });
  const isWeaker = (one: (typeof found)[number], other: (typeof found)[number]): boolean =>
    one.scopes.every((name) => other.granted.has(name)) &&
    one.ways.every((way) => other.ways.some((it) => isEnoughFor(it, way)));
  const smallest = found.filter((set, at) =>
    found.every((other, place) => place === at || !isWeaker(other, set) || (isWeaker(set, other) && at < place)),
  );
  return smallest.map(({ scopes, ways: needed, isEnoughWith }) => ({
    scopes,
    conditions: needed.map(({ condition }) => condition),
    isEnoughWith,
  }));
}

/** The same text for sets that need the same. */
export function textOf({ scopes, conditions }: Pick<FoundSet, "scopes" | "conditions">): string {
  return JSON.stringify([scopes.toSorted(), conditions.map((it) => atomsOf(it).join("\n")).sort()]);
}

function anyOf(names: readonly string[]): Formula {
  const [only, ...others] = names;
  if (only === undefined) return FALSE;
  return others.length === 0 ? leaf(only) : { kind: "anyOf", of: names.map(leaf) };
}
