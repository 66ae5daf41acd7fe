import { Denial } from "../answer/denial.ts";
import { MAX_SHADOW_SCOPE_SETS } from "../limits.ts";
import type { Issuer, ServedPolicy } from "../policy/policy.ts";
import { type Admission, admit } from "../token/admit.ts";
import type { GrantedScopes, KnownScopes } from "../token/granted-scopes.ts";

/**
 * Makes the function that admits under the candidate a token that the enforced policy has admitted. It remembers the
 * result for as long as the enforced policy remembers the token.
 *
 * Many tokens share one set of scopes, and the number of sets is bounded. Once so many are known, it admits tokens with
 * other sets again for each request: otherwise a policy whose scopes imply hundreds of others could fill the memory.
 *
 * @param candidate with the issuers of the enforced policy, by the same names
 * @param now epoch milliseconds
 */
export function createAdmissions(candidate: ServedPolicy, now: () => number): (token: Admission) => Admission | Denial {
  const issuers = new Map<string, Issuer>(candidate.issuers.values().map((issuer) => [issuer.name, issuer]));
  const admissions = new WeakMap<Admission, Admission | Denial>();
  const shared = new Map<string, GrantedScopes>();
  const known: KnownScopes = (issuer, names, atoms) => shared.get(keyOf({ issuer, names, ...(atoms && { atoms }) }));
  const isShared = (granted: GrantedScopes): boolean => {
    const key = keyOf(granted);
    if (!shared.has(key) && shared.size < MAX_SHADOW_SCOPE_SETS) shared.set(key, granted);
    return shared.get(key) === granted;
  };
  return (token) => {
    const found = admissions.get(token);
    if (found !== undefined) return found;
    const issuer = issuers.get(token.issuer.name);
    if (issuer === undefined) throw new Error("The candidate lacks an issuer of the policy.");
    const admission = admit(token.claims, issuer, candidate, now(), known);
    if (admission instanceof Denial || isShared(admission.granted)) admissions.set(token, admission);
    return admission;
  };
}

function keyOf({ issuer, names, atoms = [] }: Pick<GrantedScopes, "issuer" | "names" | "atoms">): string {
  return JSON.stringify([issuer, ...names, ...atoms]);
}
