import { acceptsIssuer } from "../../../authorize.ts";
import type { Policy } from "../../../policy.ts";
import { requirementsIn } from "../../../routing/requirements-in.ts";
import { readsTokens } from "../../issuers-in-use.ts";
import type { Rule, RuleFinding } from "./rule.ts";

/** Issuers of a policy whose routes are all public, and issuers whose tokens no route accepts. */
export const unusedIssuer: Rule = (policy) => {
  if (readsTokens(policy)) return refusedIssuers(policy);
  return Array.from(policy.issuers.values(), ({ name }) => ({
    route: undefined,
    path: ["issuers", name],
    message: "No route reads a token, so no issuer is ever used.",
    hint: "Remove it, or say on the routes who may call them.",
    group: { cause: "", name: `\`${name}\`` },
  }));
};

function refusedIssuers({ issuers, routes }: Policy): readonly RuleFinding[] {
  const reading = [...requirementsIn(routes)].filter(({ kind }) => kind !== "public");
  return Array.from(issuers.values(), ({ name }) => name)
    .filter((name) => !reading.some((requirement) => acceptsIssuer(requirement, name)))
    .map((name) => ({
      route: undefined,
      path: ["issuers", name],
      message: "No route accepts its tokens: each names other issuers.",
      hint: "Remove it, or add it to `issuers` of a route.",
    }));
}
