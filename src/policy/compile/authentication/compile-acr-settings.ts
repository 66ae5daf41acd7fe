import { parseClaimPath } from "../../claim-path.ts";
import type { Fault, Report } from "../../fault.ts";
import type { Issuer } from "../../policy.ts";
import { CLIENT_CLAIMS } from "../../profiles.ts";
import { CHECKED_CLAIMS } from "../issuers/checked-claims.ts";
import { compileAcr } from "./compile-acr.ts";

/** Claims that say who calls, or when the user authenticated: none of them is a class of authentication. */
const OTHER_CLAIMS: ReadonlySet<string> = new Set(["sub", "jti", "auth_time", ...CLIENT_CLAIMS]);

/**
 * How an issuer's tokens say how strongly the user authenticated. A member is left out where the file has it not, and
 * where it is the default. Reports a claim that is something else, and the faults of `compileAcr`.
 */
export function compileAcrSettings(
  {
    acrClaim,
    acrOrder,
  }: { readonly acrClaim?: string | undefined; readonly acrOrder?: readonly (string | undefined)[] | undefined },
  path: Fault["path"],
  report: Report,
): Pick<Issuer, "acrClaim" | "acrOrder"> {
  const order = acrOrder && compileAcr(acrOrder, [...path, "acrOrder"], report);
  const claim = acrClaim === undefined ? undefined : parseClaimPath(acrClaim);
  const place = [...path, "acrClaim"];
  if (claim?.ok === false) report(place, claim.failure.message, claim.failure.hint);
  const found = claim?.ok ? claim.value : undefined;
  const [name = "", ...below] = found ?? [];
  if (CHECKED_CLAIMS.has(name) || OTHER_CLAIMS.has(name)) {
    report(
      place,
      `The claim \`${name}\` is never a class of authentication.`,
      "Name the claim with the class, such as `acr` or `acrs`.",
    );
  }
  const isDefault = name === "acr" && below.length === 0;
  return { ...(found && !isDefault && { acrClaim: found }), ...(order && { acrOrder: order }) };
}
