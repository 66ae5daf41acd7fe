import { claimText } from "../claim-path.ts";
import type { RateLimit } from "../policy.ts";

/** A rate limit in words: `100 requests in 60 seconds for each client`. */
export function formatRateLimit(limit: RateLimit): string {
  return `${formatRate(limit)} for each ${formatRateLimitKey(limit)}`;
}

/** The numbers of a rate limit. Those of wrangler's file may be others than a policy can have. */
interface Rate {
  readonly limit: number;
  readonly periodSeconds: number;
}

/** Its numbers in words: `100 requests in 60 seconds`. */
export function formatRate({ limit, periodSeconds }: Rate): string {
  return `${limit} ${limit === 1 ? "request" : "requests"} in ${periodSeconds} seconds`;
}

/** What it counts by itself, in words: `client`, or `value of the claim org_id`. */
export function formatRateLimitKey({ by }: Pick<RateLimit, "by">): string {
  return by.kind === "claim" ? `value of the claim ${claimText(by.claim)}` : by.kind;
}
