import type { Requirement, ServedPolicy } from "../policy/policy.ts";
import type { Denial } from "./denial.ts";
import { REASONS } from "./reasons.ts";
import { resourceMetadataPath } from "./resource-metadata-path.ts";

/**
 * The value of `WWW-Authenticate` for a denial (RFC 6750 3), or `undefined` where none belongs. Without credentials
 * there is no error code (RFC 6750 3.1); the scopes are named where holding them would help.
 *
 * @param requirement of the route, if one matched
 * @param origin the gateway's own, for the URL of the protected resource metadata (RFC 9728 5.1)
 */
export type Challenge = (denial: Denial, requirement: Requirement | undefined, origin: string) => string | undefined;

/** Makes `Challenge` for a policy. What depends on the policy alone is written once, for each of its requirements. */
export function createChallenge(policy: ServedPolicy): Challenge {
  const beginning = `Bearer realm=${quoted(policy.realm)}`;
  const written = new Map<Requirement | undefined, ChallengeParts>();
  const partsOf = (requirement: Requirement | undefined): ChallengeParts => {
    const known = written.get(requirement);
    if (known !== undefined) return known;
    const parts = writeParts(policy, requirement);
    written.set(requirement, parts);
    return parts;
  };
  return (denial, requirement, origin) => {
    const { challenge: error, detail } = REASONS[denial.reason];
    if (error === undefined) return undefined;
    const { scope, metadataPath } = partsOf(requirement);
    const why = error === "none" ? "" : `, error="${error}", error_description=${quoted(detail)}`;
    const needed = error === "none" || error === "insufficient_scope" ? scope : "";
    return `${beginning}${why}${needed}, resource_metadata=${quoted(origin + metadataPath)}`;
  };
}

/** Of one requirement. */
interface ChallengeParts {
  /** The parameter with the comma before it; empty where no scopes are required. */
  readonly scope: string;
  readonly metadataPath: string;
}

function writeParts(policy: ServedPolicy, requirement: Requirement | undefined): ChallengeParts {
  return {
    scope: requirement?.kind === "scopes" ? `, scope=${quoted(requirement.mentioned.join(" "))}` : "",
    metadataPath: resourceMetadataPath(policy, requirement),
  };
}

/** RFC 9110 5.6.4. */
function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, "\\$&")}"`;
}
