import type { Fault, Report } from "../../fault.ts";
import type { RateLimit, Requirement } from "../../policy.ts";
import { closest } from "../../suggestion.ts";
import type { RateLimitsConfig } from "./compile-rate-limits.ts";

/** The part of a file that declares rate limits. `rateLimits` is there and `undefined` if it is faulty. */
interface LimitsConfig {
  readonly rateLimits?: RateLimitsConfig | undefined;
}

/**
 * The rate limits that a route's `rateLimit` names, in the order in which requests are counted: the shortest period
 * first, then the smallest limit. So the order of the file never matters. Reports a name that is unknown, one that is
 * listed twice, and on a public route each limit that needs a token.
 *
 * @param requirement the route's own; `undefined`: it has a fault
 * @returns `undefined` if the route has none
 */
export function compileRouteLimits(
  names: readonly (string | undefined)[] | undefined,
  requirement: Requirement | undefined,
  path: Fault["path"],
  config: LimitsConfig,
  limits: ReadonlyMap<string, RateLimit>,
  report: Report,
): readonly RateLimit[] | undefined {
  if (names === undefined) return undefined;
  const found = new Map<string, RateLimit>();
  const seen = new Set<string>();
  for (const [index, name] of names.entries()) {
    if (name === undefined) continue;
    const at = [...path, index];
    if (seen.has(name)) report(at, `\`${name}\` is listed twice.`, "Remove one of them.");
    seen.add(name);
    const limit = limits.get(name);
    if (limit === undefined) reportUnknown(name, at, config, report);
    else if (limit.by.kind !== "address" && requirement?.kind === "public") {
      const hint = "Use a limit by address, or let the route take tokens.";
      report(at, `\`${name}\` counts by the token, and a public route reads no token.`, hint);
    }
    if (limit !== undefined) found.set(name, limit);
  }
  return found.size === 0 ? undefined : [...found.values()].sort(inOrder);
}

function inOrder(one: RateLimit, other: RateLimit): number {
  return one.periodSeconds - other.periodSeconds || one.limit - other.limit || (one.name < other.name ? -1 : 1);
}

function reportUnknown(name: string, path: Fault["path"], config: LimitsConfig, report: Report): void {
  const { rateLimits: declared = {} } = config;
  // A limit that is in the file but did not compile has a fault of its own. So has a faulty list of limits.
  const isListFaulty = Object.hasOwn(config, "rateLimits") && config.rateLimits === undefined;
  if (isListFaulty || Object.hasOwn(declared, name)) return;
  const meant = closest(name, Object.keys(declared));
  const hint = meant === undefined ? "Add it to `rateLimits`." : `Did you mean \`${meant}\`?`;
  report(path, `There is no rate limit \`${name}\`.`, hint);
}
