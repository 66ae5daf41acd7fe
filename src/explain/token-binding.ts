import { Denial } from "../answer/denial.ts";
import type { Issuer } from "../policy/policy.ts";
import { anyConfirmation, BINDING_METHODS, type BindingMethod, bindingOf } from "../policy/requirements/binding.ts";
import type { Admission } from "../token/admit.ts";
import { missingBinding } from "../token/confirmation.ts";
import type { Claims } from "../token/jws.ts";

/**
 * The claims of an assumed token, with the binding that it is assumed to have.
 *
 * @param method left out: the one that the issuer requires; none if it requires none
 */
export function withAssumedBinding(
  claims: Claims,
  { binding }: Pick<Issuer, "binding">,
  method: BindingMethod | undefined,
): Claims {
  const assumed = method ?? BINDING_METHODS.find((it) => binding?.[it] === "required");
  return assumed === undefined ? claims : { ...claims, cnf: anyConfirmation(assumed) };
}

/**
 * What the gateway decides about the binding of a token, as far as the token alone tells it. Does not check that the
 * caller has the key or the certificate: see `bindingRemarks`.
 *
 * @returns the token, or `token-binding-missing`
 */
export function withoutProof(found: Admission | Denial): Admission | Denial {
  return found instanceof Denial ? found : (missingBinding(found) ?? found);
}

/** Says what is assumed of the sender of a bound token, or what is not checked. */
export function bindingRemarks({ confirmation }: Admission, isAssumed: boolean): readonly string[] {
  if (confirmation === undefined) return [];
  return [isAssumed ? ASSUMED[confirmation.method] : UNCHECKED[confirmation.method]];
}

const ASSUMED: { readonly [Method in BindingMethod]: string } = {
  dpop: "The token is assumed to be bound to a key, and the request to have a DPoP proof of that key.",
  mtls: "The token is assumed to be bound to a client certificate, and the connection to have that certificate.",
};

const UNCHECKED: { readonly [Method in BindingMethod]: string } = {
  dpop: "The token is bound to a key. Its DPoP proof is not checked here: the gateway checks one on every request.",
  mtls: "The token is bound to a client certificate. The connection is not checked here: the gateway checks it on every request.",
};

/** What was not checked of a real token and its sender. Goes after "if". Empty if all was checked. */
export function uncheckedConditions({
  kind,
  boundBy,
}: {
  readonly kind: string;
  readonly boundBy?: BindingMethod;
}): string {
  const unchecked = kind === "token, signature unchecked" ? ["the token's signature is valid"] : [];
  const isReal = kind === "token" || unchecked.length > 0;
  return [...unchecked, ...(isReal && boundBy ? [SENDER_CONDITION[boundBy]] : [])].join(", and ");
}

const SENDER_CONDITION: { readonly [Method in BindingMethod]: string } = {
  dpop: "the request has a DPoP proof of the token's key",
  mtls: "the connection has the token's client certificate",
};

/**
 * Says how the caller gets a token that is bound to its sender.
 *
 * @param issuer that of the token; `undefined`: unknown
 * @param isAssumed whether the token is assumed, so that the user can assume another one
 */
export function missingBindingHints(issuer: Issuer | undefined, isAssumed: boolean): readonly string[] {
  if (issuer !== undefined && bindingOf(issuer) === "never") {
    return [`The gateway accepts no bound token of the issuer \`${issuer.name}\`: see its \`binding\`.`];
  }
  return [
    "Ask the issuer for a token that is bound to its sender (DPoP, mTLS): such a token has the claim `cnf`.",
    ...(isAssumed ? ["Assume one with `--bound dpop` or `--bound mtls`, or with `bound` in a table."] : []),
  ];
}
