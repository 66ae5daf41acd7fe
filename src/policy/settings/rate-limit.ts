/** How many requests one caller may send in a period. */
export interface RateLimit {
  /** Its key in `rateLimits` of the file. */
  readonly name: string;
  /** Name of the Worker's rate limiting binding, for which wrangler's file has the same numbers. */
  readonly binding: string;
  /** Most requests in one period. */
  readonly limit: number;
  readonly periodSeconds: RateLimitPeriod;
  /** What makes two requests count together. */
  readonly by: RateLimitKey;
  /** What happens to requests that cannot be counted: they go on, or they are refused. */
  readonly onError: "allow" | "refuse";
}

/** The periods, in seconds, that Cloudflare has. */
export const RATE_LIMIT_PERIODS = [10, 60] as const;
export type RateLimitPeriod = (typeof RATE_LIMIT_PERIODS)[number];

/** Each except `address` is a part of the token, and counts for each issuer by itself. */
export type RateLimitKey =
  | { readonly kind: "address" | "client" | "subject" }
  /** A claim by the names of its members from the outside in. A token without it counts by its client. */
  | { readonly kind: "claim"; readonly claim: readonly string[] };
