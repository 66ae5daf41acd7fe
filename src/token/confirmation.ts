import { Denial } from "../answer/denial.ts";
import type { Claims } from "./jws.ts";

/**
 * Refuses every token that is bound to its sender (RFC 7800 3.1: DPoP, mTLS), because the gateway checks no proof of
 * possession. Otherwise a thief could use such a token as a bearer token (RFC 9449 7.2). The form of `cnf` does
 * not matter: `null` or an unknown method is a binding that the gateway cannot check, too.
 *
 * @returns `token-binding-unsupported`, or `undefined` for a token without `cnf`
 */
export function checkConfirmation(claims: Claims): Denial | undefined {
  if (!Object.hasOwn(claims, "cnf")) return undefined;
  return new Denial("token-binding-unsupported", "The token has the claim `cnf`.");
}
