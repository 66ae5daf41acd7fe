import type { Policy, RateLimit, Route } from "../../policy.ts";

/**
 * The rate limits that routes name and the names of the others, in the order of the file. Each is left out if empty.
 */
export function usedLimits(
  limits: ReadonlyMap<string, RateLimit>,
  routes: readonly Route[],
): Pick<Policy, "rateLimits" | "unusedRateLimits"> {
  if (limits.size === 0) return {};
  const used = new Set(routes.flatMap((route) => route.rateLimits ?? []));
  const rateLimits = [...limits.values()].filter((limit) => used.has(limit));
  const unused = [...limits.values()].filter((limit) => !used.has(limit));
  return {
    ...(rateLimits.length > 0 && { rateLimits }),
    ...(unused.length > 0 && { unusedRateLimits: unused.map(({ name }) => name) }),
  };
}
