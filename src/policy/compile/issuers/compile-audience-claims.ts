import { parseClaimPath } from "../../claim-path.ts";
import type { Fault, Report } from "../../fault.ts";
import type { ClaimPath } from "../../policy.ts";
import { PROFILES, type ProfileName } from "../../profiles.ts";

/** Claims that say nothing about whom a token is meant for. A token of another API would have the same value. */
const NO_AUDIENCE: ReadonlySet<string> = new Set(["sub", "exp", "nbf", "iat", "jti", "cnf"]);

/** Claims that can be an audience, but not an object. Some products have an issuer for each application (WorkOS). */
const NO_OBJECT: ReadonlySet<string> = new Set(["aud", "client_id", "iss"]);

/**
 * The claims that can hold the audience, in the order of the file: the first that a token has counts. Reports those
 * that cannot be an audience, those that are listed twice, and a list for a profile that fixes the claim. Faulty claims
 * are left out.
 *
 * @param written the list in the file; left out: that of the profile
 * @param place the list's place in the file
 */
export function compileAudienceClaims(
  written: readonly (string | undefined)[] | undefined,
  profile: ProfileName,
  place: Fault["path"],
  report: Report,
): readonly ClaimPath[] {
  const defaults = PROFILES[profile].audienceClaims;
  if (written === undefined) return defaults.map((name) => [name]);
  const claims = new Map<string, ClaimPath>();
  for (const [index, text] of written.entries()) {
    if (text === undefined) continue;
    const claim = parseClaimPath(text);
    if (!claim.ok) {
      report([...place, index], claim.failure.message, claim.failure.hint);
      continue;
    }
    const [name = "", ...below] = claim.value;
    if (NO_AUDIENCE.has(name)) {
      report([...place, index], `\`${name}\` is never an audience.`, "Name a claim that says whom the token is for.");
    } else if (NO_OBJECT.has(name) && below.length > 0) {
      report([...place, index], `\`${name}\` is not an object.`, `Write "${name}".`);
    }
    const key = JSON.stringify(claim.value);
    if (claims.has(key)) report([...place, index], "This claim is already listed.", "Remove it.");
    claims.set(key, claim.value);
  }
  const names = [...claims.values()];
  if (!PROFILES[profile].takesAudienceClaims && JSON.stringify(names) !== JSON.stringify(defaults.map((it) => [it]))) {
    report(
      place,
      `The profile \`${profile}\` takes the audience from \`aud\` only (RFC 9068 4).`,
      'Leave this out, or use the profile "generic".',
    );
  }
  return names;
}
