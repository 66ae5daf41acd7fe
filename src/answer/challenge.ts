import type { Denial } from "./denial.ts";
import { answerText } from "./problem.ts";

/** What a challenge says besides the error. */
export interface ChallengeContext {
  readonly realm: string;
  /** URL of the protected resource metadata (RFC 9728 5.1). */
  readonly resourceMetadata: string;
  /** Full names of the scopes that would do; empty: none are named. */
  readonly scopes: readonly string[];
}

/**
 * The value of `WWW-Authenticate` for a denial (RFC 6750 3), or `undefined` where none belongs. Without credentials
 * there is no error code (RFC 6750 3.1); the scopes are named where holding them would help.
 */
export function challenge(denial: Denial, { realm, resourceMetadata, scopes }: ChallengeContext): string | undefined {
  const { challenge: error, detail } = answerText(denial.reason);
  if (error === undefined) return undefined;
  const parameters = [`realm=${quoted(realm)}`];
  if (error !== "none") parameters.push(`error="${error}"`, `error_description=${quoted(detail)}`);
  if (scopes.length > 0 && (error === "none" || error === "insufficient_scope")) {
    parameters.push(`scope=${quoted(scopes.join(" "))}`);
  }
  parameters.push(`resource_metadata=${quoted(resourceMetadata)}`);
  return `Bearer ${parameters.join(", ")}`;
}

/** RFC 9110 5.6.4. */
function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, "\\$&")}"`;
}
