import type { ServedPolicy } from "../policy/policy.ts";
import { mayGrant } from "../policy/scopes.ts";

/**
 * The names by which clients can ask the accepted issuers for scopes: short names of those whose issuers have
 * `requestedScopeNames` `short`, full names of those whose issuers have `full`. With both kinds, the full names come
 * first: a client asks its own issuer, and the gateway does not know which one that is. Without this, clients would ask
 * for names that no issuer grants. A scope that none of these issuers may grant is left out.
 *
 * @param fullNames declared scopes
 * @param accepted names of the issuers that count; `undefined`: all
 */
export function issuerScopeNames(
  { issuers, scopes }: Pick<ServedPolicy, "issuers" | "scopes">,
  fullNames: readonly string[],
  accepted?: readonly string[],
): readonly string[] {
  const asked = [...issuers.values()].filter(({ name }) => accepted === undefined || accepted.includes(name));
  if (asked.length === 0) return fullNames;
  const grantedBy = (form: "full" | "short"): readonly string[] => {
    const granting = asked.filter(({ scopeNames, requestedScopeNames = scopeNames }) => requestedScopeNames === form);
    return fullNames.filter((fullName) => granting.some(({ name }) => mayGrant(scopes, name, fullName)));
  };
  const shortNames = grantedBy("short").map((name) => scopes.byFullName.get(name)?.shortName ?? name);
  // Several resource servers can declare one short name.
  return [...new Set([...grantedBy("full"), ...shortNames])];
}
