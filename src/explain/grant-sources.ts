import { claimText } from "../policy/claim-path.ts";
import type { ServedPolicy } from "../policy/policy.ts";
import type { Admission } from "../token/admit.ts";
import { eachGranted } from "../token/granted-scopes.ts";

/** The claim that gives a token one of its scopes, and the value that does. */
export interface GrantSource {
  /** Full name. */
  readonly scope: string;
  /** Its name, or a JSON Pointer, as in `routes.json`. */
  readonly claim: string;
  readonly value: string;
}

/** Which claim gave each scope of a token, each source once. Several values may give one scope. */
export function grantSources(
  { claims, issuer, granted }: Pick<Admission, "claims" | "issuer" | "granted">,
  policy: Pick<ServedPolicy, "scopes" | "resourceServers">,
): readonly GrantSource[] {
  const names = new Set(granted.names);
  const sources = new Map<string, GrantSource>();
  eachGranted(claims, issuer, policy, (scope, path, value) => {
    const claim = claimText(path);
    // The client's registration may withhold it.
    if (names.has(scope)) sources.set(JSON.stringify([scope, claim, value]), { scope, claim, value });
  });
  return [...sources.values()];
}
