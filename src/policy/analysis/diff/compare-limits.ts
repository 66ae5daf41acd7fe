import type { RateLimit } from "../../policy.ts";
import { formatRateLimit } from "../format-rate-limit.ts";
import type { Found } from "./change-kind.ts";
import type { Serving } from "./class-call.ts";

/**
 * Compares the rate limits of a request that both policies serve. A limit of the same name is the same limit here:
 * `diffRateLimits` compares its members, once for all routes. So is one that only has another name.
 */
export function compareLimits(old: Serving | undefined, now: Serving | undefined): readonly Found[] {
  const { rateLimits: was = NONE } = old?.route ?? {};
  const { rateLimits: is = NONE } = now?.route ?? {};
  if (was === is || old === undefined || now === undefined) return [];
  const lost = was.filter((limit) => !is.some((other) => isSame(limit, other)));
  const gained = is.filter((limit) => !was.some((other) => isSame(limit, other)));
  const notes = [
    ...(gained.length > 0 ? [`now limited by ${formatLimits(gained)}`] : []),
    ...(lost.length > 0 ? [`no longer limited by ${formatLimits(lost)}`] : []),
  ];
  if (notes.length === 0) return [];
  const kind = lost.length === 0 ? "tighter" : gained.length === 0 ? "looser" : "incomparable";
  return [{ kind, note: notes.join(", ") }];
}

const NONE: readonly RateLimit[] = [];

function isSame(one: RateLimit, other: RateLimit): boolean {
  return one.name === other.name || JSON.stringify({ ...one, name: other.name }) === JSON.stringify(other);
}

function formatLimits(limits: readonly RateLimit[]): string {
  return limits.map((limit) => `${limit.name} (${formatRateLimit(limit)})`).join(" and ");
}
