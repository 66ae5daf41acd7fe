import type { Issuer, Policy } from "../policy.ts";

/** Whether some route reads a token. If none does, no issuer is ever used. */
export function readsTokens({ routes }: Policy): boolean {
  return routes.some(({ requirement }) => requirement.kind !== "public");
}

/** The issuers, if some route reads a token: how lax an unused one is does not matter. */
export function issuersInUse(policy: Policy): readonly Issuer[] {
  return readsTokens(policy) ? [...policy.issuers.values()] : [];
}

/** The issuers in use that do not enforce registrations: their tokens may grant any client any scope. */
export function unrestrictedIssuers(policy: Policy): readonly Issuer[] {
  return issuersInUse(policy).filter(({ registeredClientsOnly }) => !registeredClientsOnly);
}
