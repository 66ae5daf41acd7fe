import { parseClaimPath } from "../../claim-path.ts";
import type { Fault, Report } from "../../fault.ts";
import type { ClaimPath } from "../../policy.ts";
import { CHECKED_CLAIMS } from "./checked-claims.ts";

/**
 * The claims that hold scope names, in the order of their texts: their order in the file never matters. Reports a claim
 * that is listed twice, and one that the gateway checks itself. Faulty claims are left out.
 *
 * @param written one claim or several; left out: `scope`
 */
export function compileScopeClaim(
  written: string | readonly (string | undefined)[] = "scope",
  path: Fault["path"],
  report: Report,
): readonly ClaimPath[] {
  if (typeof written === "string") {
    const claim = compileClaim(written, path, report);
    return claim === undefined ? [] : [claim];
  }
  const claims = new Map<string, ClaimPath>();
  for (const [index, text] of written.entries()) {
    if (text === undefined) continue;
    const claim = compileClaim(text, [...path, index], report);
    if (claim === undefined) continue;
    const key = JSON.stringify(claim);
    if (claims.has(key)) report([...path, index], "This claim is already listed.", "Remove it.");
    claims.set(key, claim);
  }
  return Array.from(claims)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([, claim]) => claim);
}

function compileClaim(text: string, path: Fault["path"], report: Report): ClaimPath | undefined {
  const claim = parseClaimPath(text);
  if (!claim.ok) {
    report(path, claim.failure.message, claim.failure.hint);
    return undefined;
  }
  const [name = ""] = claim.value;
  if (!CHECKED_CLAIMS.has(name)) return claim.value;
  report(
    path,
    `The claim \`${name}\` never holds scopes.`,
    "Name the claim with the scopes, such as `scope` or `scp`.",
  );
  return undefined;
}
