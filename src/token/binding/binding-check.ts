import { Denial } from "../../answer/denial.ts";
import type { ServedPolicy } from "../../policy/policy.ts";
import type { TokenCheck } from "../authenticate.ts";
import { missingBinding } from "../confirmation.ts";
import { certificateThumbprint } from "./certificate.ts";

/**
 * Makes the check that a token's sender has what the token is bound to. Refuses tokens without a binding if their
 * issuer requires one. A method without a check is refused.
 *
 * @param dpop checks the proof of a token that is bound by DPoP, and that no other token came with one; left out:
 * tokens that are bound by DPoP are refused
 * @returns `undefined` if no issuer's tokens may be bound; else a check that returns `token-binding-missing`,
 * `token-binding-mismatch`, `token-binding-unsupported`, or the denials of `dpop`
 */
export function createBindingCheck(
  { issuers, mtls }: Pick<ServedPolicy, "issuers" | "mtls">,
  dpop?: TokenCheck,
): TokenCheck | undefined {
  if (!issuers.values().some((issuer) => issuer.binding !== undefined)) return undefined;
  const trust = mtls?.trust ?? "verified";
  return async (token, presented, waitUntil) => {
    const { confirmation } = token;
    if (confirmation === undefined) return missingBinding(token) ?? dpop?.(token, presented, waitUntil);
    if (confirmation.method === "mtls") {
      const denial = await dpop?.(token, presented, waitUntil);
      return denial ?? checkCertificate(confirmation.thumbprint, presented.request.cf, trust);
    }
    return dpop === undefined ? new Denial("token-binding-unsupported") : dpop(token, presented, waitUntil);
  };
}

async function checkCertificate(
  thumbprint: string,
  cf: unknown,
  trust: "verified" | "binding-only",
): Promise<Denial | undefined> {
  const sent = await certificateThumbprint(cf, trust);
  if (sent === thumbprint) return undefined;
  return new Denial(
    "token-binding-mismatch",
    sent === undefined
      ? "The connection has no client certificate that counts."
      : "The token is bound to another client certificate.",
  );
}
