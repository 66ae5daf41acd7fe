import type { Rule } from "../rule.ts";

/**
 * Routes with an optional token that count by the token only: every caller can leave the token out and is then not
 * counted.
 */
export const uncountedCaller: Rule = ({ routes }) =>
  routes.flatMap(({ requirement, rateLimits = [], index }) => {
    if (requirement.kind !== "optional" || rateLimits.length === 0) return [];
    if (rateLimits.some(({ by }) => by.kind === "address")) return [];
    return {
      route: index,
      path: ["routes", index, "rateLimit"],
      message: "A caller who sends no token is not counted.",
      hint: "Add a limit by address, or require a token.",
    };
  });
