import type { ClaimPath, Condition, Requirement, TestedClaim } from "./requirement.ts";

/**
 * Conditions are atoms in the set that expressions are compared with, beside the names of scopes. An atom contains a
 * space, and no scope does (RFC 6749 3.3): nothing that a token lists as a scope can pass for a condition.
 */

/** The atom of a token that is bound to its sender, by any method. */
export const SENDER_CONSTRAINED = "sender constrained";

/** The atom of a claim that has a value. Different claims and values have different atoms. */
export function claimAtom(claim: ClaimPath, value: string): string {
  return `claim ${pointerTo(claim)} ${value}`;
}

/**
 * The atom of a path segment that equals a claim. It has the segment's place and not the parameter's name, so that
 * renaming a parameter changes nothing.
 *
 * @param segment from 0
 */
export function parameterAtom(segment: number, equals: ClaimPath): string {
  return `parameter ${segment} ${pointerTo(equals)}`;
}

/**
 * The atom of a claim that is exactly one string, for proofs: where all paths of a class have the same segment, a
 * parameter equals a claim exactly if the claim is that segment. No token holds it.
 */
export function exactAtom(claim: ClaimPath, text: string): string {
  return `exactly ${pointerTo(claim)} ${text}`;
}

/** What an atom stands for. */
export type AtomMeaning =
  | { readonly kind: "claim" | "exactly"; readonly claim: ClaimPath; readonly value: string }
  | { readonly kind: "parameter"; readonly claim: ClaimPath; readonly segment: number };

/** What an atom stands for; `undefined` for the name of a scope. */
export function readAtom(atom: string): AtomMeaning | undefined {
  const [kind, first = "", ...rest] = atom.split(" ");
  if (kind === "parameter" && rest.length === 1) {
    return { kind, segment: Number(first), claim: claimOfPointer(rest[0] ?? "") };
  }
  if ((kind !== "claim" && kind !== "exactly") || rest.length === 0) return undefined;
  return { kind, claim: claimOfPointer(first), value: rest.join(" ") };
}

function claimOfPointer(pointer: string): ClaimPath {
  return pointer
    .split("/")
    .slice(1)
    .map((step) => step.replaceAll("~2", " ").replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** Whether a member of such a set is an atom, and not the name of a scope. */
export function isAtom(name: string): boolean {
  return name.includes(" ");
}

/** A claim path as a JSON Pointer (RFC 6901) in which a space is `~2`. A space ends it in an atom. */
export function pointerTo(claim: ClaimPath): string {
  return claim.map((step) => `/${step.replaceAll("~", "~0").replaceAll("/", "~1").replaceAll(" ", "~2")}`).join("");
}

/** Whether some requirement has conditions. */
export function haveConditions(requirements: readonly Requirement[]): boolean {
  return requirements.some((requirement) => requirement.kind === "scopes" && requirement.conditions !== undefined);
}

/** All claims that conditions of these requirements test, each once, with all values that count. */
export function testedClaims(requirements: Iterable<Requirement>): readonly TestedClaim[] {
  const found = new Map<string, { readonly claim: ClaimPath; readonly atoms: Map<string, string> }>();
  for (const requirement of requirements) {
    if (requirement.kind !== "scopes" || requirement.conditions === undefined) continue;
    for (const condition of requirement.conditions) {
      if (condition.kind !== "claim") continue;
      const { claim } = condition;
      const key = pointerTo(claim);
      const tested = found.get(key) ?? { claim, atoms: new Map<string, string>() };
      found.set(key, tested);
      for (const [at, value] of condition.in.entries()) tested.atoms.set(value, condition.atoms[at] ?? "");
    }
  }
  return [...found.values()];
}

/**
 * Whether a claim counts only as one string, never as an array of them: `sub` and `jti` (RFC 7519 4.1.2, 4.1.7). A
 * token with several subjects would otherwise meet the conditions of all of them.
 */
export function isSingleValue(claim: ClaimPath): boolean {
  const [name, ...deeper] = claim;
  return deeper.length === 0 && (name === "sub" || name === "jti");
}

/** The atoms of which one must be held. */
export function atomsOf(condition: Condition): readonly string[] {
  return condition.kind === "claim" ? condition.atoms : [condition.atom];
}
