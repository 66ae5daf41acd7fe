import type { ServedPolicy } from "../policy/policy.ts";

/**
 * The names by which clients can ask the accepted issuers for scopes: short names if all issuers have `scopeNames`
 * `short`, full names if all have `full`. With both kinds, all full names and then the short ones: a client asks its own
 * issuer, and the gateway does not know which one that is. Without this, clients would ask for names that no issuer
 * grants.
 *
 * @param fullNames declared scopes
 */
export function issuerScopeNames(
  { issuers, scopes }: Pick<ServedPolicy, "issuers" | "scopes">,
  fullNames: readonly string[],
): readonly string[] {
  const forms = new Set(Array.from(issuers.values(), ({ scopeNames }) => scopeNames));
  if (!forms.has("short")) return fullNames;
  const shortNames = fullNames.map((name) => scopes.byFullName.get(name)?.shortName ?? name);
  // Several resource servers can declare one short name.
  return [...new Set(forms.has("full") ? [...fullNames, ...shortNames] : shortNames)];
}
