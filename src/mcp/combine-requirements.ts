import type { Requirement, ScopeExpression, StepUp } from "../policy/policy.ts";
import { stepUpOf } from "../policy/requirements/step-up.ts";

/** A requirement of callers with a token. */
type TokenRequirement = Extract<Requirement, { kind: "authenticated" | "scopes" }>;

/**
 * The requirement that a caller meets exactly if it meets all of these. A message can ask for several resources at
 * once.
 *
 * If neither of two lists of classes (`acr`) contains the other, the result is what both contain. That may ask for more
 * than both together, never for less. Throws for a requirement that admits callers without a token.
 */
export function combineRequirements(requirements: readonly Requirement[]): Requirement {
  const all = requirements.map(withToken);
  const [first] = all;
  if (first !== undefined && all.length === 1) return first;
  const scoped = all.filter((requirement) => requirement.kind === "scopes");
  const common = {
    ...withIssuers(all),
    ...(all.some(({ senderConstrained }) => senderConstrained) && { senderConstrained: true as const }),
    ...withAuthentication(all.flatMap((requirement) => stepUpOf(requirement) ?? [])),
  };
  if (scoped.length === 0) return { kind: "authenticated", ...common };
  const expression: ScopeExpression = { kind: "allOf", of: scoped.map((requirement) => requirement.expression) };
  const conditions = [...new Set(scoped.flatMap((requirement) => requirement.conditions ?? []))];
  return {
    kind: "scopes",
    ...common,
    expression,
    mentioned: [...new Set(scoped.flatMap(({ mentioned }) => mentioned))],
    // Also if there are none. Challenges remember the scopes of a requirement without conditions, and callers choose
    // this one.
    conditions,
  };
}

function withToken(requirement: Requirement): TokenRequirement {
  if (requirement.kind === "authenticated" || requirement.kind === "scopes") return requirement;
  throw new Error("a message that needs no token");
}

function withIssuers(all: readonly TokenRequirement[]): { issuers?: readonly string[] } {
  const lists = all.flatMap(({ issuers }) => (issuers === undefined ? [] : [issuers]));
  const [first] = lists;
  if (first === undefined) return {};
  return { issuers: first.filter((issuer) => lists.every((list) => list.includes(issuer))) };
}

function withAuthentication(stepUps: readonly StepUp[]): { authentication?: StepUp } {
  if (stepUps.length === 0) return {};
  const ages = stepUps.flatMap(({ maxAgeSeconds }) => maxAgeSeconds ?? []);
  const lists = stepUps.flatMap(({ acr }) => (acr === undefined ? [] : [acr]));
  const [first] = lists;
  return {
    authentication: {
      ...(first && { acr: first.filter((acr) => lists.every((list) => list.includes(acr))) }),
      ...(ages.length > 0 && { maxAgeSeconds: Math.min(...ages) }),
    },
  };
}
