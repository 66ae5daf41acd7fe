import { parseClaimPath } from "../../claim-path.ts";
import type { Fault, Report } from "../../fault.ts";
import type { ClaimPath } from "../../policy.ts";

/**
 * The claims that hold scope names, in the order of their texts: their order in the file never matters. Reports a claim
 * that is listed twice. Faulty claims are left out.
 *
 * @param written one claim or several; left out: `scope`
 */
export function compileScopeClaim(
  written: string | readonly (string | undefined)[] = "scope",
  path: Fault["path"],
  report: Report,
): readonly ClaimPath[] {
  if (typeof written === "string") {
    const claim = parseClaimPath(written);
    if (claim.ok) return [claim.value];
    report(path, claim.failure.message, claim.failure.hint);
    return [];
  }
  const claims = new Map<string, ClaimPath>();
  for (const [index, text] of written.entries()) {
    if (text === undefined) continue;
    const claim = parseClaimPath(text);
    if (!claim.ok) report([...path, index], claim.failure.message, claim.failure.hint);
    else {
      const key = JSON.stringify(claim.value);
      if (claims.has(key)) report([...path, index], "This claim is already listed.", "Remove it.");
      claims.set(key, claim.value);
    }
  }
  return Array.from(claims)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([, claim]) => claim);
}
