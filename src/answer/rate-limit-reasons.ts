import type { RateLimitReason } from "./denial.ts";
import type { ReasonEntry } from "./reason-entry.ts";

/** The reasons to refuse a request that is counted. Only Workers with rate limits have them. */
export const RATE_LIMIT_REASONS: { readonly [R in RateLimitReason]: ReasonEntry } = {
  "rate-limited": {
    stage: "authorize",
    status: 429,
    title: "Rate limited",
    detail: "Too many requests. Try again later.",
  },
  "rate-limit-unavailable": {
    stage: "authorize",
    status: 503,
    title: "Rate limit unavailable",
    detail: "The request could not be counted. Try again later.",
  },
};
