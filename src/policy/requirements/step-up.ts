import type { Requirement, StepUp } from "./requirement.ts";

/**
 * The atom of an authentication context class (`acr`): the token's class is this one, or a higher one by the issuer's
 * `acrOrder`.
 */
export function acrAtom(acr: string): string {
  return `acr ${acr}`;
}

/** The atom of an authentication that is at most this old. It depends on the clock, so it is never remembered. */
export function withinAtom(seconds: number): string {
  return `authenticated within ${seconds}`;
}

/** What an atom of step-up stands for; `undefined` for any other atom, and for the name of a scope. */
export function readStepUpAtom(
  atom: string,
):
  | { readonly kind: "acr"; readonly value: string }
  | { readonly kind: "within"; readonly seconds: number }
  | undefined {
  if (atom.startsWith(acrAtom(""))) return { kind: "acr", value: atom.slice(acrAtom("").length) };
  const within = "authenticated within ";
  return atom.startsWith(within) ? { kind: "within", seconds: Number(atom.slice(within.length)) } : undefined;
}

/** In words: `authenticated by mfa or hwk at most 300 s ago`. */
export function stepUpText({ acr, maxAgeSeconds }: StepUp): string {
  const by = acr === undefined ? "" : ` by ${acr.join(" or ")}`;
  return `authenticated${by}${maxAgeSeconds === undefined ? "" : ` at most ${maxAgeSeconds} s ago`}`;
}

/** How a requirement asks its callers to have authenticated; `undefined`: in any way, at any time. */
export function stepUpOf(requirement: Requirement): StepUp | undefined {
  return requirement.kind === "authenticated" || requirement.kind === "scopes" ? requirement.authentication : undefined;
}

/** Whether the atoms satisfy what a requirement asks of the authentication: one of the classes, and the age. */
export function meetsStepUp({ acr, maxAgeSeconds }: StepUp, held: Pick<ReadonlySet<string>, "has">): boolean {
  if (acr !== undefined && !acr.some((value) => held.has(acrAtom(value)))) return false;
  return maxAgeSeconds === undefined || held.has(withinAtom(maxAgeSeconds));
}

/** All atoms that a requirement looks at. With all of them held, it asks for nothing more. */
export function stepUpAtoms({ acr = [], maxAgeSeconds }: StepUp): readonly string[] {
  return [...acr.map(acrAtom), ...(maxAgeSeconds === undefined ? [] : [withinAtom(maxAgeSeconds)])];
}

/** All that some requirements ask of the authentication, once for each requirement that asks. */
export function stepUpsOf(requirements: readonly Requirement[]): StepUp[] {
  return requirements.flatMap((requirement) => stepUpOf(requirement) ?? []);
}
