import type { Requirement, ServedPolicy } from "../policy/policy.ts";
import type { Denial } from "./denial.ts";
import { issuerScopeNames } from "./issuer-scope-names.ts";
import { REASONS } from "./reasons.ts";
import { resourceMetadataPath } from "./resource-metadata-path.ts";

/**
 * Gives the value of `WWW-Authenticate` for a denial (RFC 6750 3), or `undefined` if the denial has no challenge. A
 * request without credentials gets no error code (RFC 6750 3.1). Scopes are named only if a token with them would help,
 * and by the names that the accepted issuers know.
 *
 * @param requirement that of the route, if one matched
 * @param origin the gateway's own origin, for the URL of the protected resource metadata (RFC 9728 5.1)
 */
export type Challenge = (denial: Denial, requirement: Requirement | undefined, origin: string) => string | undefined;

/**
 * Makes the challenges of a policy. The part that depends only on the requirement is built once for each requirement.
 */
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
    const parameters = error === "none" ? "" : `, error="${error}", error_description=${quoted(detail)}`;
    const needed = error === "none" || error === "insufficient_scope" ? scope : "";
    return `${beginning}${parameters}${needed}, resource_metadata=${quoted(origin + metadataPath)}`;
  };
}

/** The part of a challenge that depends only on the requirement. */
interface ChallengeParts {
  /** The parameter with the comma before it; empty if the requirement names no scopes. */
  readonly scope: string;
  readonly metadataPath: string;
}

function writeParts(policy: ServedPolicy, requirement: Requirement | undefined): ChallengeParts {
  return {
    scope:
      requirement?.kind === "scopes"
        ? `, scope=${quoted(issuerScopeNames(policy, requirement.mentioned).join(" "))}`
        : "",
    metadataPath: resourceMetadataPath(policy, requirement),
  };
}

/** A quoted string (RFC 9110 5.6.4). */
function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, "\\$&")}"`;
}
