import type { Rule } from "../rule.ts";

/** Rate limits that no route names. They limit nobody. */
export const unusedRateLimit: Rule = ({ unusedRateLimits = [] }) =>
  unusedRateLimits.map((name) => ({
    route: undefined,
    path: ["rateLimits", name],
    message: "No route names this rate limit, so it limits nobody.",
    hint: "Remove it, or name it in `rateLimit` of a route.",
    group: { cause: "", name: `\`${name}\`` },
  }));
