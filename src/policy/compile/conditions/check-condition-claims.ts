import type { FaultText } from "../../../result.ts";
import { claimText } from "../../claim-path.ts";
import type { Fault, Report } from "../../fault.ts";
import type { ClaimPath, Issuer, Requirement } from "../../policy.ts";
import { CLIENT_CLAIMS, PROFILES } from "../../profiles.ts";
import { pointerTo } from "../../requirements/conditions.ts";

/** Where a condition looks at a claim. */
export interface ConditionUse {
  readonly claim: ClaimPath;
  readonly kind: "in" | "equals";
  /** The place of the claim in the file. */
  readonly path: Fault["path"];
}

/** What the gateway itself checks of a claim, with the member of the policy that is meant for it. */
const CHECKED: ReadonlyMap<string, string> = new Map([
  ["iss", "List the issuers in `issuers` instead."],
  ["aud", "List the audiences in `audiences` of the issuer instead."],
  ["exp", "Leave it out: the gateway checks all times."],
  ["nbf", "Leave it out: the gateway checks all times."],
  ["iat", "Leave it out: the gateway checks all times."],
  ["cnf", "Leave it out: the gateway checks how tokens are bound."],
]);

/** Claims that are strings (RFC 7519 4.1, RFC 8693 4.3): nothing can be below them. */
const STRINGS: ReadonlySet<string> = new Set(["sub", "jti", ...CLIENT_CLAIMS]);

/**
 * Reports conditions on claims that mean something else as well: that the gateway checks itself, that name the client
 * or the scopes, or that a profile fixes. Such a condition would be met always or never, or only together with a scope
 * or a client. It also reports a claim that one condition takes for a value and another place of the policy for an
 * object. Proofs treat conditions as independent of scopes, of clients and of each other, which they would not be here.
 */
export function checkConditionClaims(uses: readonly ConditionUse[], issuers: Iterable<Issuer>, report: Report): void {
  if (uses.length === 0) return;
  const all = [...issuers];
  const known = new Map<string, ClaimPath>();
  for (const { claim } of uses) known.set(pointerTo(claim), claim);
  for (const claim of all.flatMap(claimsReadBy)) known.set(pointerTo(claim), claim);
  for (const use of uses) {
    const fault = faultOf(use, all) ?? prefixFault(use.claim, known);
    if (fault) report(use.path, fault.message, fault.hint);
  }
}

/** The uses of a compiled policy, whose places in the file are not known any longer. */
export function conditionUsesOf(requirements: Iterable<Requirement>): readonly ConditionUse[] {
  const uses: ConditionUse[] = [];
  for (const requirement of requirements) {
    if (requirement.kind !== "scopes" || requirement.conditions === undefined) continue;
    for (const condition of requirement.conditions) {
      uses.push(
        condition.kind === "claim"
          ? { claim: condition.claim, kind: "in", path: ["routes"] }
          : { claim: condition.equals, kind: "equals", path: ["routes"] },
      );
    }
  }
  return uses;
}

function faultOf({ claim, kind }: ConditionUse, issuers: readonly Issuer[]): FaultText | undefined {
  const [name = "", ...deeper] = claim;
  const text = claimText(claim);
  const hint = CHECKED.get(name);
  if (hint !== undefined) return { message: `The gateway checks \`${name}\` itself.`, hint };
  if (deeper.length > 0 && STRINGS.has(name)) {
    return { message: `\`${name}\` is a string, so there is nothing at \`${text}\`.`, hint: `Write \`${name}\`.` };
  }
  if (kind === "in" && CLIENT_CLAIMS.some((it) => it === name)) {
    return {
      message: `\`${name}\` names the client.`,
      hint: "Register the clients in `clients`, and require a scope that only they may be granted.",
    };
  }
  const pointer = pointerTo(claim);
  const reading = issuers.find(({ scopeClaim }) => scopeClaim.some((it) => pointerTo(it) === pointer));
  if (reading) {
    return {
      message: `\`${text}\` holds the scopes of \`${reading.name}\`.`,
      hint: "Require the scopes by their names.",
    };
  }
  const comparing = issuers.find(({ audienceClaims }) => audienceClaims.some((it) => pointerTo(it) === pointer));
  if (comparing && !(kind === "equals" && name === "client_id")) {
    const message = `\`${text}\` holds the audience of \`${comparing.name}\`.`;
    return { message, hint: "List the audiences in `audiences` of the issuer instead." };
  }
  const fixing = issuers.find(
    ({ profile }) => deeper.length === 0 && Object.hasOwn(PROFILES[profile].fixedClaims, name),
  );
  if (fixing) {
    const message = `The profile of \`${fixing.name}\` requires one value of \`${name}\`.`;
    return { message, hint: "Leave it out: the gateway checks it." };
  }
  return undefined;
}

/** The claims whose values grant scopes or name the tenant. */
function claimsReadBy({ scopeClaim, grants, tenants }: Issuer): readonly ClaimPath[] {
  return [...scopeClaim, ...grants.map(({ claim }) => claim), ...(tenants ? [tenants.claim] : [])];
}

/** A claim is a value or an object, so a condition on `/org` and one on `/org/tier` exclude each other. */
function prefixFault(claim: ClaimPath, known: ReadonlyMap<string, ClaimPath>): FaultText | undefined {
  for (let length = 1; length < claim.length; length += 1) {
    const above = known.get(pointerTo(claim.slice(0, length)));
    if (above === undefined) continue;
    const message = `\`${claimText(above)}\` is read as a value elsewhere, and \`${claimText(claim)}\` is inside it.`;
    return { message, hint: "Keep one of them: a claim is a value or an object." };
  }
  return undefined;
}
