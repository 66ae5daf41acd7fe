import type { Requirement } from "../../policy/policy.ts";

/**
 * Whether a requirement mentions the scopes that a line says were mentioned.
 *
 * @param required left out: the line does not say
 */
export function asksFor(requirement: Requirement, required: readonly string[] | undefined): boolean {
  if (required === undefined) return true;
  const mentioned = requirement.kind === "scopes" ? requirement.mentioned : [];
  return mentioned.length === required.length && mentioned.every((name, at) => name === required[at]);
}
