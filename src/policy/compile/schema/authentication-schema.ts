import { MAX_DURATION_SECONDS } from "../../../limits.ts";
import { closed } from "./closed.ts";
import { about, listOf, text, wholeNumber } from "./values.ts";

/** What a route or a guarantee asks of the user's authentication (RFC 9470). */
export const authenticationSchema = closed({
  acr: about(
    listOf(text),
    "The user authenticated with one of these classes (`acr` values), in order of preference, or with one that the issuer's `acrOrder` has above it. Default: any.",
  ),
  maxAgeSeconds: about(
    wholeNumber(1, MAX_DURATION_SECONDS),
    "The longest time since the user authenticated, by the claim `auth_time`. Default: any time.",
  ),
});

/** Members of an issuer. */
export const acrSettings = {
  acrClaim: about(
    text,
    "The claim with the class of the user's authentication: its name, or a JSON Pointer (RFC 6901). Default: acr.",
  ),
  acrOrder: about(
    listOf(text),
    "Classes of authentication, the lowest first: a higher one counts for each lower one. Default: each counts for itself only.",
  ),
};
