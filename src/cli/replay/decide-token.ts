import type { Reason } from "../../answer/denial.ts";
import { refusalBy } from "../../answer/refusal-by.ts";
import { asksForBinding, authorize } from "../../policy/authorize.ts";
import type { Requirement, Route } from "../../policy/policy.ts";
import { atomsOf, SENDER_CONSTRAINED } from "../../policy/requirements/conditions.ts";
import { stepUpAtoms, stepUpOf } from "../../policy/requirements/step-up.ts";
import type { Cause } from "./cause.ts";
import type { HeldScopes } from "./holding.ts";
import { messageRequirementsOf } from "./message.ts";
import type { ObservedLine } from "./observed.ts";

/** What a route answers to an accepted token, or what the answer depends on. */
export type TokenAnswer =
  | { readonly isAllowed: true }
  | {
      readonly isAllowed: false;
      /** `undefined`: one of several. */
      readonly reason: Reason | undefined;
    }
  | Cause;

/** What a route answers to an accepted token. Of an MCP route, the message decides, too. */
export function decideToken(route: Route, line: ObservedLine, held: HeldScopes): TokenAnswer {
  const own = decide(route.requirement, held);
  if (route.mcp === undefined || (typeof own === "object" && !own.isAllowed)) return own;
  const required = messageRequirementsOf(route.mcp, line);
  if (required === undefined) return "message";
  if (required === "unlisted") return { isAllowed: false, reason: "message-unlisted" };
  const answers = required.map((requirement) => decide(requirement, held));
  const isRefusal = (it: TokenAnswer) => typeof it === "object" && !it.isAllowed;
  return answers.find(isRefusal) ?? answers.find((it) => typeof it === "string") ?? own;
}

/** More scopes and conditions never refuse what fewer permit. So the least and the most tell, if they agree. */
function decide(requirement: Requirement, { issuer, least, most }: HeldScopes): TokenAnswer {
  const ask = (scopes: ReadonlySet<string>, atoms: readonly string[]) =>
    authorize(requirement, { issuer, effective: new Set([...scopes, ...atoms]) });
  const conditions = requirement.kind === "scopes" ? (requirement.conditions ?? []).flatMap(atomsOf) : [];
  const binding = asksForBinding(requirement) ? [SENDER_CONSTRAINED] : [];
  const stepUp = stepUpOf(requirement);
  const authentication = stepUp ? stepUpAtoms(stepUp) : [];
  const [low, high] = [ask(least, []), ask(most, [...conditions, ...binding, ...authentication])];
  if (low === "permitted") return { isAllowed: true };
  if (high !== "permitted") return { isAllowed: false, reason: low === high ? refusalBy(high)?.reason : undefined };
  if (ask(least, [...conditions, ...binding, ...authentication]) !== "permitted") return "scope";
  if (ask(least, [...conditions, ...authentication]) !== "permitted") return "binding";
  return ask(least, conditions) === "permitted" ? "conditions" : "authentication";
}
