import { readsTokens } from "../../issuers-in-use.ts";
import type { Rule } from "./rule.ts";

/** Issuers of a policy whose routes are all public. */
export const unusedIssuer: Rule = (policy) => {
  if (readsTokens(policy)) return [];
  return Array.from(policy.issuers.values(), ({ name }) => ({
    route: undefined,
    path: ["issuers", name],
    message: "No route reads a token, so no issuer is ever used.",
    hint: "Remove it, or say on the routes who may call them.",
    group: { cause: "", name: `\`${name}\`` },
  }));
};
