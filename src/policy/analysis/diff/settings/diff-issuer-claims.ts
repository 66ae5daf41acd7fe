import { claimText } from "../../../claim-path.ts";
import type { ClaimPath, Issuer } from "../../../policy.ts";
import type { MemberNote } from "./comparers.ts";
import { textOf } from "./shared/content-text.ts";

/** Compares the claims that hold scopes. One more can only grant more. One in place of another can do both. */
export function compareScopeClaim(was: Issuer["scopeClaim"], is: Issuer["scopeClaim"], note: MemberNote): void {
  const [old, now] = [new Set(was.map(claimText)), new Set(is.map(claimText))];
  const [added, gone] = [now.difference(old), old.difference(now)];
  if (added.size > 0 && gone.size > 0) {
    note("incomparable", `Changed from ${claimsText(was)} to ${claimsText(is)}.`);
    return;
  }
  for (const claim of added) note("looser", `The claim ${claim} now grants scopes, too.`);
  for (const claim of gone) note("tighter", `The claim ${claim} no longer grants scopes.`);
}

/**
 * Compares the claims that can hold the audience: the first that a token has counts. A claim more at the end accepts
 * tokens that have none of the others, and refuses none. Any other change decides on other claims of the same token.
 */
export function compareAudienceClaims(
  was: Issuer["audienceClaims"],
  is: Issuer["audienceClaims"],
  note: MemberNote,
): void {
  const [old, now] = [was.map(claimText), is.map(claimText)];
  if (textOf(old) === textOf(now)) return;
  const change = `Changed from ${textOf(old)} to ${textOf(now)}`;
  if (textOf(now.slice(0, old.length)) === textOf(old)) {
    note("looser", `${change}. Tokens without ${old.join(" and ")} may now be accepted.`);
  } else if (textOf(old.slice(0, now.length)) === textOf(now)) {
    note("tighter", `${change}. Tokens without ${now.join(" and ")} are no longer accepted.`);
  } else note("incomparable", `${change}.`);
}

/** Compares where the class of authentication is read. Left out, it is `acr`. */
export function compareAcrClaim(was: ClaimPath = ["acr"], is: ClaimPath = ["acr"], note: MemberNote): void {
  const [from, to] = [textOf(was), textOf(is)];
  if (from !== to) note("incomparable", `The class of authentication is now read from ${to}, no longer from ${from}.`);
}

/**
 * Compares which classes of authentication count for which. An order says for each pair of its classes which one counts
 * for the other, so one more class is looser, and two that change places are neither.
 */
export function compareAcrOrder(was: readonly string[] = [], is: readonly string[] = [], note: MemberNote): void {
  for (const [pair, [lower, higher]] of pairsOf(is)) {
    if (!pairsOf(was).has(pair)) note("looser", `${higher} now counts for ${lower}.`);
  }
  for (const [pair, [lower, higher]] of pairsOf(was)) {
    if (!pairsOf(is).has(pair)) note("tighter", `${higher} no longer counts for ${lower}.`);
  }
}

function pairsOf(order: readonly string[]): ReadonlyMap<string, readonly [lower: string, higher: string]> {
  return new Map(
    order.flatMap((lower, at) =>
      order.slice(at + 1).map((higher) => [JSON.stringify([lower, higher]), [lower, higher]] as const),
    ),
  );
}

/** One claim as its text, several as a list of texts. */
function claimsText(claims: readonly ClaimPath[]): string {
  const [only, ...others] = claims;
  return only && others.length === 0 ? textOf(only) : textOf(claims.map(claimText));
}
