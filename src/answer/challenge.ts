import type { Requirement, Route, ServedPolicy } from "../policy/policy.ts";
import { resourceOf } from "../policy/resource-of.ts";
import { WELL_KNOWN_PATH } from "../policy/routing/reserved-paths.ts";
import { challengeScope } from "./challenge-scope.ts";
import type { Denial } from "./denial.ts";
import { REASONS } from "./reasons.ts";

/** The part of a route that its challenges depend on. */
type ChallengedRoute = Pick<Route, "path" | "requirement">;

/**
 * Gives the value of `WWW-Authenticate` for a denial (RFC 6750 3), or `undefined` if the denial has no challenge. A
 * request without credentials gets no error code (RFC 6750 3.1). Scopes are named only if a token with them would help:
 * see `challengeScope`.
 *
 * @param route the route that matched, if one did; the challenge names the metadata of its protected resource (RFC 9728
 * 5.1), or without a route that of the origin
 * @param origin the gateway's own origin
 */
export type Challenge = (denial: Denial, route: ChallengedRoute | undefined, origin: string) => string | undefined;

/** Makes the challenges of a policy. The parts that depend only on the route are built once. */
export function createChallenge(policy: ServedPolicy): Challenge {
  const beginning = `Bearer realm=${quoted(policy.realm)}`;
  const scopeOf = remembering((requirement: Requirement) => scopeParameter(policy, requirement));
  const resourcePathOf = remembering((pattern: string) => resourceOf(policy.resources, pattern).path);
  return (denial, route, origin) => {
    const { challenge: error, detail } = REASONS[denial.reason];
    if (error === undefined) return undefined;
    const parameters = error === "none" ? "" : `, error="${error}", error_description=${quoted(detail)}`;
    const needed = error === "none" || error === "insufficient_scope" ? route && scopeOf(route.requirement) : "";
    const metadata = origin + WELL_KNOWN_PATH + (route === undefined ? "" : resourcePathOf(route.path));
    return `${beginning}${parameters}${needed ?? ""}, resource_metadata=${quoted(metadata)}`;
  };
}

/** The parameter with the comma before it; empty if there are no scopes to name. */
function scopeParameter(policy: ServedPolicy, requirement: Requirement): string {
  const scope = requirement.kind === "scopes" ? challengeScope(policy, requirement) : "";
  return scope === "" ? "" : `, scope=${quoted(scope)}`;
}

/** The same function, which computes each value once. A policy has a bounded number of routes and requirements. */
function remembering<Key>(compute: (key: Key) => string): (key: Key) => string {
  const known = new Map<Key, string>();
  return (key) => {
    const value = known.get(key) ?? compute(key);
    known.set(key, value);
    return value;
  };
}

/** A quoted string (RFC 9110 5.6.4). */
function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, "\\$&")}"`;
}
