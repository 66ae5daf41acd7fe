import { claimText } from "../../claim-path.ts";
import type { Fault, Report } from "../../fault.ts";
import type { ClaimPath, Issuer, StepUp } from "../../policy.ts";

/** Where a condition looks at a claim. */
interface ClaimUse {
  readonly claim: ClaimPath;
  /** The place of the claim in the file. */
  readonly path: Fault["path"];
}

const AUTH_TIME: ClaimPath = ["auth_time"];

/**
 * Reports claims that say how or when the user authenticated and that the policy reads for something else, too: in a
 * condition, or as scopes, tenant or audience. Proofs treat both as independent of each other, which they would not be
 * here. A policy that asks nothing of the authentication may read them as it likes.
 *
 * @param stepUps all that the policy asks
 */
export function checkEvidenceClaims(
  stepUps: readonly StepUp[],
  uses: readonly ClaimUse[],
  issuers: Iterable<Issuer>,
  report: Report,
): void {
  if (stepUps.length === 0) return;
  const hasClasses = stepUps.some(({ acr }) => acr !== undefined);
  const evidence: ClaimPath[] = stepUps.some(({ maxAgeSeconds }) => maxAgeSeconds !== undefined) ? [AUTH_TIME] : [];
  for (const issuer of hasClasses ? issuers : []) {
    const { name, acrClaim = ["acr"], scopeClaim, audienceClaims, grants, tenants } = issuer;
    evidence.push(acrClaim);
    const others = [...scopeClaim, ...audienceClaims, ...grants.map(({ claim }) => claim)];
    if (![...others, ...(tenants ? [tenants.claim] : [])].some((other) => isWithin(other, acrClaim))) continue;
    report(
      ["issuers", name, "acrClaim"],
      `\`${claimText(acrClaim)}\` holds scopes, the audience or the tenant of \`${name}\`.`,
      "Name a claim that holds only the class of authentication.",
    );
  }
  for (const { claim, path } of uses) {
    if (!evidence.some((other) => isWithin(claim, other))) continue;
    report(
      path,
      `\`${claimText(claim)}\` says how or when the user authenticated.`,
      "Ask for it with `authentication` of the route only.",
    );
  }
}

/** Whether one of two claims is the other, or lies inside it. */
function isWithin(one: ClaimPath, other: ClaimPath): boolean {
  const [shorter, longer] = one.length < other.length ? [one, other] : [other, one];
  return shorter.every((step, at) => step === longer[at]);
}
