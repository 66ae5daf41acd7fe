import type { Issuer } from "../../policy/policy.ts";
import { plainText } from "./plain-text.ts";

/**
 * Which members of an issuer decide whether a token is accepted, and which scopes it grants. `apart`: the replay looks
 * at it by itself. A new member does not compile until its author decides.
 */
const RULES: { readonly [Member in keyof Issuer]-?: "rule" | "apart" } = {
  name: "rule",
  issuer: "rule",
  // Whether the tenant of the line is accepted is known.
  tenants: "apart",
  jwksUri: "rule",
  profile: "rule",
  algorithms: "rule",
  audiences: "rule",
  audienceClaims: "rule",
  scopeClaim: "rule",
  grants: "rule",
  scopeNames: "rule",
  // Clients are told these names. No token has to contain them.
  requestedScopeNames: "apart",
  clockToleranceSeconds: "rule",
  registeredClientsOnly: "apart",
  binding: "rule",
  acrClaim: "rule",
  acrOrder: "rule",
  keys: "apart",
};

/** Whether two policies treat tokens of an issuer alike, its tenants and clients aside. */
export function haveSameRules(before: Issuer, after: Issuer): boolean {
  return textOf(before) === textOf(after);
}

/** Lists and maps count in their order, so that at worst two issuers count as different. */
function textOf(issuer: Issuer): string {
  const rules = Object.entries(issuer).filter(([member]) => RULES[member as keyof Issuer] === "rule");
  return plainText([rules.sort(([one], [other]) => (one < other ? -1 : 1)), issuer.tenants?.claim]);
}
