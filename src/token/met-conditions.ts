import type { Held, Holder } from "../policy/authorize.ts";
import type { Requirement, TestedClaim } from "../policy/policy.ts";
import { isSingleValue } from "../policy/requirements/conditions.ts";
import { claimAt } from "./claim-at.ts";
import type { Claims } from "./jws.ts";

/**
 * The atoms of the conditions on claims that a token meets. A claim counts that is one of the tested strings, or an
 * array with one of them; other items of the array are ignored. Compares exactly: no case, no Unicode normalization.
 * The atoms are the policy's own strings, so they keep nothing of the token in memory.
 *
 * @returns `undefined`: none
 */
export function metConditions(claims: Claims, tested: readonly TestedClaim[]): readonly string[] | undefined {
  if (tested.length === 0) return undefined;
  const met = new Set<string>();
  for (const { claim, atoms } of tested) {
    const value = claimAt(claims, claim);
    const values: readonly unknown[] = Array.isArray(value) && !isSingleValue(claim) ? value : [value];
    for (const item of values) {
      const atom = typeof item === "string" ? atoms.get(item) : undefined;
      if (atom !== undefined) met.add(atom);
    }
  }
  return met.size === 0 ? undefined : [...met];
}

/**
 * What a token gives its holder for a request with this path. Only a route with conditions on its parameters needs more
 * than the result that is kept with the token.
 *
 * @param path canonical
 */
export function holderAt(
  path: string,
  requirement: Requirement,
  { granted, claims }: { readonly granted: Holder; readonly claims: Claims },
): Pick<Holder, "issuer"> & { readonly effective: Held } {
  if (requirement.kind !== "scopes" || requirement.conditions === undefined) return granted;
  const met = new Set<string>();
  for (const condition of requirement.conditions) {
    if (condition.kind !== "parameter") continue;
    const value = claimAt(claims, condition.equals);
    if (typeof value === "string" && value === parameterAt(path, condition.segment)) met.add(condition.atom);
  }
  if (met.size === 0) return granted;
  return { issuer: granted.issuer, effective: { has: (name) => met.has(name) || granted.effective.has(name) } };
}

/**
 * A segment of a canonical path, decoded once. `undefined` for one with path parameters (`;`) or an encoded slash: the
 * upstream may cut or split it, and then serve another segment than the one that was compared.
 */
export function parameterAt(path: string, segment: number): string | undefined {
  const text = path.split("/", segment + 2)[segment + 1];
  if (text === undefined || text === "") return undefined;
  const value = text.includes("%") ? decodeURIComponent(text) : text;
  return /[;/]/.test(value) ? undefined : value;
}
