import { Denial } from "../answer/denial.ts";
import type { Issuer } from "../policy/policy.ts";
import {
  BINDING_METHODS,
  type BindingMethod,
  bindingOf,
  CONFIRMATION_MEMBERS,
} from "../policy/requirements/binding.ts";
import type { Claims } from "./jws.ts";

/** What a token is bound to (RFC 7800 3.1): the key of a DPoP proof, or a client certificate. */
export interface Confirmation {
  readonly method: BindingMethod;
  /** SHA-256 of the key (RFC 7638) or of the certificate (RFC 8705 3.1), as base64url. */
  readonly thumbprint: string;
}

/** 32 bytes as base64url, without leftover bits: two spellings of one thumbprint would be two texts. */
const THUMBPRINT = /^[\w-]{42}[AEIMQUYcgkosw048]$/;

/**
 * Reads to what a token is bound. Refuses a binding that the issuer's `binding` does not cover, because the gateway
 * would not check it: a thief could use such a token as a bearer token (RFC 9449 7.2). The form of `cnf` does not
 * matter: `null`, an unknown member beside a known one, or two methods are bindings that the gateway cannot check, too.
 * Does not check that the sender has the key.
 *
 * @returns `token-binding-unsupported`, or `undefined` for a token without `cnf`
 */
export function checkConfirmation(
  claims: Claims,
  { binding }: Pick<Issuer, "binding">,
): Confirmation | Denial | undefined {
  if (!Object.hasOwn(claims, "cnf")) return undefined;
  const { cnf } = claims;
  if (binding !== undefined && typeof cnf === "object" && cnf !== null && !Array.isArray(cnf)) {
    const [[member, thumbprint] = [], ...others] = Object.entries(cnf);
    for (const method of BINDING_METHODS) {
      if (member !== CONFIRMATION_MEMBERS[method] || others.length > 0 || binding[method] === "refused") continue;
      if (typeof thumbprint === "string" && THUMBPRINT.test(thumbprint)) return { method, thumbprint };
    }
  }
  return new Denial("token-binding-unsupported", "The token has the claim `cnf`.");
}

/**
 * Refuses a token without a binding if its issuer requires one.
 *
 * @returns `token-binding-missing`, or `undefined`
 */
export function missingBinding({
  confirmation,
  issuer,
}: {
  readonly confirmation?: Confirmation;
  readonly issuer: Pick<Issuer, "binding">;
}): Denial | undefined {
  if (confirmation !== undefined || bindingOf(issuer) !== "always") return undefined;
  return new Denial("token-binding-missing");
}
