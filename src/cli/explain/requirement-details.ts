import type { ExplainedRequirement } from "../../explain/explanation.ts";
import type { ConditionOutcome, RequirementOutcome } from "../../policy/analysis/formulas/requirement-outcome.ts";
import { conditionText } from "../../policy/claim-path.ts";
import type { StepUp } from "../../policy/policy.ts";
import { stepUpText } from "../../policy/requirements/step-up.ts";
import { type Detail, firstNames, type Limits } from "./details.ts";

/** What a route requires, part by part, and the sets that would be enough if the request is refused. */
export function requirementDetails(requirement: ExplainedRequirement, limits: Limits): readonly Detail[] {
  const tree = requirement.outcome === undefined ? [] : [partDetail(requirement.outcome, limits.names)];
  return [...tree, ...tokenDetails(requirement), ...sufficientDetails(requirement, limits)];
}

/** What a route requires of the token besides its scopes: the binding to its sender, and the authentication. */
export function tokenDetails({ senderConstrained, authentication }: ExplainedRequirement): readonly Detail[] {
  const { acr, isAcrMet, maxAgeSeconds, isAgeMet } = authentication ?? {};
  const stepUp = (asked: StepUp, met = false): Detail => ({ text: stepUpText(asked), met });
  return [
    ...(senderConstrained ? [{ text: "a token that is bound to its sender", met: senderConstrained.met }] : []),
    ...(acr === undefined ? [] : [stepUp({ acr }, isAcrMet)]),
    ...(maxAgeSeconds === undefined ? [] : [stepUp({ maxAgeSeconds }, isAgeMet)]),
  ];
}

/** Recurses once for each nested group, of which `MAX_NESTED_GROUPS` bounds the number. */
function partDetail(outcome: RequirementOutcome, most: number): Detail {
  const { met } = outcome;
  if (outcome.kind === "scope") {
    const via = outcome.impliedBy === undefined ? "" : `, implied by ${outcome.impliedBy}`;
    return { text: `${outcome.name}${via}`, met };
  }
  if (outcome.kind === "claim" || outcome.kind === "parameter") return { text: conditionText(outcome), met };
  // A group with one member adds nothing to its member.
  const [only, ...others] = outcome.of;
  if (only && others.length === 0) return partDetail(only, most);
  const shown = tellingParts(outcome, most);
  const left = outcome.of.length - shown.length;
  const parts = shown.map((part) => partDetail(part, most));
  const more = left > 0 ? [{ text: `and ${left} more` }] : [];
  return { text: outcome.kind === "anyOf" ? "any of" : "all of", met, of: [...parts, ...more] };
}

/** The parts of a large group that are shown: first those that explain why the group is met or missing. */
function tellingParts({ met, of }: RequirementOutcome & { readonly kind: "anyOf" | "allOf" }, most: number) {
  if (of.length <= most) return of;
  return [...of.filter((part) => part.met === met), ...of.filter((part) => part.met !== met)].slice(0, most);
}

/** The smallest sets that would be enough, each with the clients that may have it. */
export function sufficientDetails(
  { sufficient, isSufficientComplete, unrestrictedIssuers = [], senderConstrained }: ExplainedRequirement,
  limits: Limits,
): readonly Detail[] {
  if (sufficient.length === 0) return [];
  const listed = sufficient.slice(0, limits.lines).map((set, at): Detail => {
    const { scopes, conditions = [], missing, clients } = set;
    const named = (names: readonly string[]): string => firstNames(names, " ", limits.names);
    const lacking = missing.length === 0 || missing.length === scopes.length ? "" : `; missing ${named(missing)}`;
    const needed = [...(scopes.length > 0 ? [named(scopes)] : []), ...conditions.map(conditionWithOutcome)];
    const available = holders(clients, unrestrictedIssuers, scopes.length > 0, limits.names);
    return { text: `${needed.join(", and ")}${fromIssuers(set)}${lacking} (${available})`, set: at };
  });
  const left = sufficient.length - listed.length;
  const more = isSufficientComplete ? (left > 0 ? [{ text: `and ${left} more` }] : []) : [{ text: "and many more" }];
  const where = senderConstrained ? ", in a token that is bound to its sender" : "";
  return [{ text: `One of these would be enough${where}:`, of: [...listed, ...more] }];
}

/** The issuers that count, if not all of them do. */
export function fromIssuers({ issuers }: { readonly issuers?: readonly string[] }): string {
  return issuers === undefined ? "" : ` from ${issuers.join(" or ")}`;
}

function conditionWithOutcome(condition: ConditionOutcome): string {
  return `${conditionText(condition)}, which is ${condition.met ? "met" : "not met"}`;
}

/**
 * Who may have a set of scopes, or needs none. Where registrations are not enforced, an unregistered set is not out of
 * reach.
 */
function holders(
  clients: readonly string[],
  unrestrictedIssuers: readonly string[],
  needsScopes: boolean,
  most: number,
): string {
  if (clients.length > 0) return `available to ${firstNames(clients, ", ", most)}`;
  if (unrestrictedIssuers.length === 0) return "available to no client";
  if (!needsScopes) return `available to any client of ${unrestrictedIssuers.join(", ")}`;
  return `registered for no client, but ${unrestrictedIssuers.join(", ")} may grant any client any scope`;
}
