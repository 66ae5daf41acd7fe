import type { KeySettings } from "../policy/policy.ts";

/** How a key set of some age may be used (RFC 9111 4.2; `stale` is served as in RFC 5861 3, stale-while-revalidate). */
export type Freshness = "fresh" | "stale" | "expired";

/**
 * Tells how a key set may be used at its age. Younger than `refreshAfterSeconds` it is `fresh`. Up to and including
 * `maxStaleSeconds` it is `stale`: it is used while a newer one is fetched in the background. Older than that it is
 * `expired`: it verifies nothing.
 *
 * A key set from the future is `expired`, because its age is unknown and nothing would bound its use. `fetchedAt` and
 * `now` are epoch milliseconds.
 */
export function freshness(fetchedAt: number, settings: KeySettings, now: number): Freshness {
  const ageMs = now - fetchedAt;
  // Written so that an age that is not a number is expired, too.
  if (!(ageMs >= 0)) return "expired";
  if (ageMs < settings.refreshAfterSeconds * 1000) return "fresh";
  return ageMs <= settings.maxStaleSeconds * 1000 ? "stale" : "expired";
}
