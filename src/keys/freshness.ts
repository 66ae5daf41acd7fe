import type { KeySettings } from "../policy/policy.ts";

/** How a key set of some age may be used (RFC 9111 4.2; `stale` is served as in RFC 5861 3, stale-while-revalidate). */
export type Freshness = "fresh" | "stale" | "expired";

/**
 * Tells how a key set of this age may be used. A key set younger than `refreshAfterSeconds` is `fresh`. One of up to
 * `maxStaleSeconds` is `stale`: requests still use it while a newer one is fetched in the background. An older one is
 * `expired`: no request uses it.
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
