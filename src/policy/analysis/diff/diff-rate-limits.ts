import type { Policy, RateLimit } from "../../policy.ts";
import { formatRate, formatRateLimitKey } from "../format-rate-limit.ts";
import { type Comparers, compareMembers } from "./settings/comparers.ts";
import type { Note, SettingChange } from "./settings/setting-change.ts";

/**
 * Compares rate limits that routes of both policies name. One that lets through more is looser. Which routes name which
 * limits is compared route by route: see `compareLimits`.
 */
export function diffRateLimits(
  { rateLimits: before = [] }: Pick<Policy, "rateLimits">,
  { rateLimits: after = [] }: Pick<Policy, "rateLimits">,
): readonly SettingChange[] {
  const changes: SettingChange[] = [];
  const note: Note = (kind, path, message) => changes.push({ kind, path, message });
  for (const is of after) {
    const was = before.find(({ name }) => name === is.name);
    if (was === undefined) continue;
    const change = compareRates(was, is);
    if (change) note(change, ["rateLimits", is.name], `Changed from ${formatRate(was)} to ${formatRate(is)}.`);
    compareMembers(was, is, RATE_LIMIT, (member, kind, message) =>
      note(kind, ["rateLimits", is.name, member], message),
    );
  }
  return changes;
}

const RATE_LIMIT: Comparers<RateLimit> = {
  name: "identity",
  // These two are compared together.
  limit: "elsewhere",
  periodSeconds: "elsewhere",
  binding(was, is, note) {
    if (was !== is) note("other", `Changed from ${was} to ${is}. It counts anew.`);
  },
  by(was, is, note) {
    const [from, to] = [formatRateLimitKey({ by: was }), formatRateLimitKey({ by: is })];
    // Callers who shared a counter may each have their own now, and the other way round.
    if (from !== to) note("incomparable", `Counted each ${from}, and now counts each ${to}.`);
  },
  onError(was, is, note) {
    if (was === is) return;
    if (is === "allow") note("looser", "Requests that cannot be counted now go on.");
    else note("tighter", "Requests that cannot be counted are now refused.");
  },
};

/** More requests at once, or the same in less time, is looser. More at once and fewer in the long run is neither. */
function compareRates(was: RateLimit, is: RateLimit): "looser" | "tighter" | "incomparable" | undefined {
  const atOnce = Math.sign(is.limit - was.limit);
  const inTheLongRun = Math.sign(is.limit * was.periodSeconds - was.limit * is.periodSeconds);
  if (atOnce === 0 && inTheLongRun === 0) return undefined;
  if (atOnce >= 0 && inTheLongRun >= 0) return "looser";
  return atOnce <= 0 && inTheLongRun <= 0 ? "tighter" : "incomparable";
}
