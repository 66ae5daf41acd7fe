import { parseClaimPath } from "../claim-path.ts";
import type { Fault, Report } from "../fault.ts";
import type { ClaimGrants, Issuer } from "../policy.ts";
import { mayGrant } from "../scopes.ts";
import type { DeclaredScopes } from "./declare-scopes.ts";
import type { PolicyConfig } from "./schema/config-schema.ts";
import { isWildcard, matchingScopes, resolveScope } from "./scope-names.ts";
import type { Salvaged } from "./validate-policy-config.ts";

type GrantsConfig = NonNullable<NonNullable<Salvaged<PolicyConfig>["issuers"]>[string]>["grants"];

/** Claims that cannot grant scopes: the gateway checks them itself. The text says what to write instead. */
const INSTEAD: ReadonlyMap<string, string> = new Map([
  ["iss", "Every token of the issuer has the same `iss`."],
  ["aud", 'Short scope names follow the audience: see "scopeNames". Or list the scopes of a group or role.'],
  ["exp", "It is a time. Name a claim with groups, roles or permissions."],
  ["nbf", "It is a time. Name a claim with groups, roles or permissions."],
  ["iat", "It is a time. Name a claim with groups, roles or permissions."],
  ["cnf", "It binds the token to its sender. Name a claim with groups, roles or permissions."],
]);

/**
 * Compiles the `grants` of all issuers, by the name of the issuer. Expands wildcards and resolves names, so that the
 * Worker needs no resolver. Issuers without grants are left out. Reports claims that cannot grant, claims that are
 * listed under two spellings, and scopes that are not declared.
 *
 * Claims and scopes are sorted, because their order in the file must not matter.
 */
export function compileGrants(
  issuers: Salvaged<PolicyConfig>["issuers"],
  declared: DeclaredScopes,
  report: Report,
): ReadonlyMap<string, Issuer["grants"]> {
  const byIssuer = new Map<string, Issuer["grants"]>();
  for (const [name, part] of Object.entries(issuers ?? {})) {
    if (part?.grants === undefined) continue;
    byIssuer.set(name, compileIssuerGrants(name, part.grants, declared, report));
  }
  return byIssuer;
}

function compileIssuerGrants(
  issuer: string,
  config: NonNullable<GrantsConfig>,
  declared: DeclaredScopes,
  report: Report,
): readonly ClaimGrants[] {
  const path = ["issuers", issuer, "grants"];
  const byClaim = new Map<string, ClaimGrants>();
  const written = Object.entries(config);
  if (written.length === 0) report(path, "This is empty.", "Name a claim, or leave `grants` out.");
  for (const [text, values] of written) {
    const place = [...path, text];
    const claim = parseClaimPath(text);
    if (!claim.ok) {
      report(place, claim.failure.message, claim.failure.hint);
      continue;
    }
    const [name = ""] = claim.value;
    const instead = INSTEAD.get(name);
    if (instead !== undefined) report(place, `The claim \`${name}\` cannot grant scopes.`, instead);
    const key = JSON.stringify(claim.value);
    if (byClaim.has(key)) report(place, "This is another spelling of a claim that is already listed.", "Join the two.");
    const lists = Object.entries(values ?? {});
    if (values !== undefined && lists.length === 0) report(place, "This is empty.", "Name a value of the claim.");
    const byValue = new Map<string, readonly string[]>();
    for (const [value, names] of lists) {
      byValue.set(value, scopesOf(names ?? [], [...place, value], issuer, declared, report));
    }
    byClaim.set(key, { claim: claim.value, byValue });
  }
  return Array.from(byClaim)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([, grants]) => grants);
}

/**
 * Full names, each once, sorted. A wildcard stands for the scopes that tokens of the issuer may grant. Any other name
 * of a scope that they may not grant is a fault.
 */
function scopesOf(
  names: readonly (string | undefined)[],
  path: Fault["path"],
  issuer: string,
  { table, complete }: DeclaredScopes,
  report: Report,
): readonly string[] {
  const scopes = new Set<string>();
  for (const [index, name] of names.entries()) {
    if (name === undefined) continue;
    const place = [...path, index];
    if (isWildcard(name)) {
      const found = matchingScopes(name, table);
      const grantable = found.filter(({ fullName }) => mayGrant(table, issuer, fullName));
      for (const { fullName } of grantable) scopes.add(fullName);
      if (found.length === 0 && complete) {
        report(place, `No declared scope matches \`${name}\`.`, "A `*` matches any characters of a name.");
      } else if (found.length > 0 && grantable.length === 0) {
        report(place, `No scope that matches \`${name}\` may be granted by the issuer \`${issuer}\`.`, addIssuer);
      }
      continue;
    }
    const found = resolveScope(name, table);
    if (found.ok) {
      const { fullName, resourceServer } = found.value;
      scopes.add(fullName);
      if (mayGrant(table, issuer, fullName)) continue;
      const message = `The resource server \`${resourceServer}\` does not let the issuer \`${issuer}\` grant \`${name}\`.`;
      report(place, message, addIssuer);
    } else if (complete || !found.failure.undeclared) {
      const { message, hint } = found.failure;
      report(place, message, name.includes("${") ? "Variables are not replaced in `grants`." : hint);
    }
  }
  return [...scopes].sort();
}

const addIssuer = "Remove the scope, or add the issuer to `issuers` of the resource server.";
