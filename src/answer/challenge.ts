import type { Held } from "../policy/authorize.ts";
import type { Requirement, Route, ServedPolicy, StepUp } from "../policy/policy.ts";
import { remembering } from "../policy/remembering.ts";
import { stepUpOf } from "../policy/requirements/step-up.ts";
import { resourceOf } from "../policy/resource-of.ts";
import { WELL_KNOWN_PATH } from "../policy/routing/reserved-paths.ts";
import { challengeScope } from "./challenge-scope.ts";
import type { Denial } from "./denial.ts";
import { entryOf } from "./reasons.ts";

/** The part of a route that its challenges depend on. */
type ChallengedRoute = Pick<Route, "path" | "requirement">;

/**
 * Gives the value of `WWW-Authenticate` for a denial (RFC 6750 3), or `undefined` if the denial has no challenge. A
 * request without credentials gets no error code (RFC 6750 3.1). Scopes are named only if a token with them would help:
 * see `challengeScope`. A condition that is not met names none: more scopes would not be enough.
 *
 * @param route the route that matched, if one did; the challenge names the metadata of its protected resource (RFC 9728
 * 5.1), or without a route that of the origin
 * @param origin the gateway's own origin
 * @param held for `scope-insufficient`: what the caller holds, as `authorize` took it
 * @param headers those of the request: the scheme that it tried matters where there are several
 */
export type Challenge = (
  denial: Denial,
  route: ChallengedRoute | undefined,
  origin: string,
  held?: Held,
  headers?: Pick<Headers, "get">,
) => string | undefined;

/** Makes the challenges of a policy. The parts that depend only on the route are built once. */
export function createChallenge(policy: ServedPolicy): Challenge {
  const beginning = `Bearer realm=${quoted(policy.realm)}`;
  const scopeOf = remembering((requirement: Requirement) => scopeParameter(policy, requirement));
  const metadataOf = remembering((pattern: string) =>
    inQuotes(WELL_KNOWN_PATH + resourceOf(policy.resources, pattern).path),
  );
  const scopeFor = (requirement: Requirement, held: Held | undefined): string =>
    held !== undefined && requirement.kind === "scopes" && requirement.conditions !== undefined
      ? scopeParameter(policy, requirement, held)
      : scopeOf(requirement);
  return (denial, route, origin, held) => {
    const { challenge: error, detail } = entryOf(denial);
    if (error === undefined) return undefined;
    const parameters = error === "none" ? "" : `, error="${error}", error_description=${quoted(detail)}`;
    const isAboutScopes = error === "none" || denial.reason === "scope-insufficient";
    const needed = isAboutScopes && route ? scopeFor(route.requirement, held) : "";
    const authentication =
      error === "insufficient_user_authentication" && route ? stepUpOf(route.requirement) : undefined;
    const stepUp = authentication === undefined ? "" : stepUpParameters(authentication);
    const metadata = inQuotes(origin) + (route === undefined ? WELL_KNOWN_PATH : metadataOf(route.path));
    return `${beginning}${parameters}${needed}${stepUp}, resource_metadata="${metadata}"`;
  };
}

/** The parameter with the comma before it; empty if there are no scopes to name. */
function scopeParameter(policy: ServedPolicy, requirement: Requirement, held?: Held): string {
  const scope = requirement.kind === "scopes" ? challengeScope(policy, requirement, held) : "";
  return scope === "" ? "" : `, scope=${quoted(scope)}`;
}

/**
 * What the client copies into its next authorization request (RFC 9470 3): everything that the route asks for, also
 * what the caller meets, because the next authentication has to meet all of it.
 */
function stepUpParameters({ acr, maxAgeSeconds }: StepUp): string {
  const values = acr === undefined ? "" : `, acr_values=${quoted(acr.join(" "))}`;
  return maxAgeSeconds === undefined ? values : `${values}, max_age="${maxAgeSeconds}"`;
}

/** A quoted string (RFC 9110 5.6.4). */
function quoted(text: string): string {
  return `"${inQuotes(text)}"`;
}

function inQuotes(text: string): string {
  // Nearly no text has one, and to find that out is cheaper than to replace nothing.
  return /["\\]/.test(text) ? text.replace(/["\\]/g, "\\$&") : text;
}
