import { claimText, parseClaimPath } from "../policy/claim-path.ts";
import type { ClaimPath, Issuer } from "../policy/policy.ts";
import { nameHint } from "../policy/suggestion.ts";
import { withClaim } from "../policy/with-claim.ts";
import { type FaultText, fault, type Result, success } from "../result.ts";
import { claimAt } from "../token/claim-at.ts";
import { claimValues } from "../token/granted-scopes.ts";
import type { Claims } from "../token/jws.ts";

/** A value that a claim of an assumed token has, such as a group. */
export interface AssumedValue {
  readonly claim: ClaimPath;
  readonly value: string;
}

/**
 * Parses `claim=value`. A claim that some issuer has grants for may contain `=` itself. Any other claim ends at the
 * first one. The value is what follows, unchanged.
 */
export function parseAssumedValue(text: string, issuers: Iterable<Issuer>): Result<AssumedValue, FaultText> {
  const known = [...issuers].flatMap(({ grants }) => grants.map(({ claim }) => claimText(claim)));
  const [longest] = known.filter((claim) => text.startsWith(`${claim}=`)).sort((a, b) => b.length - a.length);
  const end = longest?.length ?? text.indexOf("=");
  if (end < 1 || end === text.length - 1) {
    return fault("This is not a claim and its value.", "Write both, such as groups=staff.");
  }
  const claim = parseClaimPath(text.slice(0, end));
  return claim.ok ? success({ claim: claim.value, value: text.slice(end + 1) }) : claim;
}

/**
 * Claims with these values, as far as the issuer has grants for their claims. Any other claim could change more than
 * the scopes. Several values of one claim become a list.
 */
export function withAssumedValues(claims: Claims, values: readonly AssumedValue[], issuer: Issuer): Claims {
  const mapped = values.filter(({ claim }) => grantsOf(claim, issuer) !== undefined);
  const byClaim = Map.groupBy(mapped, ({ claim }) => claimText(claim));
  let all = claims;
  for (const same of byClaim.values()) {
    const [first] = same;
    if (first === undefined) continue;
    const held = claimAt(claims, first.claim);
    const before = typeof held === "string" ? held.split(" ") : [];
    // A value that is there already, such as the tenant, is not given twice.
    const list = [...new Set([...before, ...same.map(({ value }) => value)])];
    all = withClaim(all, first.claim, list.length === 1 ? first.value : list);
  }
  return all;
}

/** Says which of the values grant nothing to a token of the issuer with these claims, and what may be meant. */
export function assumedValueRemarks(
  values: readonly AssumedValue[],
  { issuer, claims }: { readonly issuer: Issuer; readonly claims: Claims },
): readonly string[] {
  return values.flatMap(({ claim, value }) => {
    const text = `\`${claimText(claim)}=${value}\` grants nothing.`;
    const grants = grantsOf(claim, issuer);
    if (issuer.scopeClaim.some((path) => claimText(path) === claimText(claim)) && grants === undefined) {
      return [`${text} The issuer \`${issuer.name}\` reads scopes from this claim: assume them with --scope.`];
    }
    if (grants === undefined) {
      const known = issuer.grants.map((it) => claimText(it.claim));
      return [
        `${text} The issuer \`${issuer.name}\` has no grants for this claim. ${nameHint(claimText(claim), known)}`,
      ];
    }
    if (!grants.byValue.has(value)) return [`${text} ${nameHint(value, [...grants.byValue.keys()])}`];
    // One claim can lie inside another.
    if (claimValues(claimAt(claims, claim)).includes(value)) return [];
    return [`${text} Another value takes its place in the claims: explain a token with both by --token-file.`];
  });
}

function grantsOf(claim: ClaimPath, { grants }: Issuer) {
  const text = claimText(claim);
  return grants.find((it) => claimText(it.claim) === text);
}
