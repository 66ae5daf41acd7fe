import type { Fault, Report } from "../fault.ts";
import type { Client } from "../policy.ts";
import { mayGrant } from "../scopes.ts";
import type { DeclaredScopes } from "./declare-scopes.ts";
import { namedIssuer } from "./issuers/named-issuers.ts";
import type { PolicyConfig } from "./schema/config-schema.ts";
import { isWildcard, resolveScope } from "./scope-names.ts";
import type { Salvaged } from "./validate-policy-config.ts";

type ClientConfig = NonNullable<Salvaged<PolicyConfig>["clients"]>[string];

/** Compiles `clients`, by name. Reports two registrations of one client id under one issuer. */
export function compileClients(
  config: Salvaged<PolicyConfig>,
  declared: DeclaredScopes,
  report: Report,
): Map<string, Client> {
  const clients = new Map<string, Client>();
  const names = new Map<string, string>();
  for (const [name, part] of Object.entries(config.clients ?? {})) {
    const path = ["clients", name];
    checkNames(name, part, path, report);
    const issuer = compileIssuerName(part, path, config, report);
    const scopes = compileScopes(part?.scopes, [...path, "scopes"], issuer, declared, report);
    const id = part?.id ?? name;
    clients.set(name, { name, id, issuer, scopes });
    if (part === undefined || issuer === undefined || (Object.hasOwn(part, "id") && part.id === undefined)) continue;
    const key = JSON.stringify([issuer, id]);
    const twin = names.get(key);
    if (twin === undefined) names.set(key, name);
    else {
      report(
        Object.hasOwn(part, "id") ? [...path, "id"] : path,
        `\`${twin}\` is also registered as \`${id}\` of the issuer \`${issuer}\`.`,
        "Remove one of them, or change its `id` or `issuer`: a token must belong to one registration.",
      );
    }
  }
  return clients;
}

/**
 * Reports a client that is called `*`: in a guarantee, that means all registered clients. No `*` means any client id.
 */
function checkNames(name: string, part: ClientConfig, path: Fault["path"], report: Report): void {
  if (name === "*") report(path, "A client cannot be named `*`.", `${NO_WILDCARD} Give this client another name.`);
  if (part?.id === "*")
    report([...path, "id"], "`*` is not a client id.", `${NO_WILDCARD} Write the id of one client.`);
}

const NO_WILDCARD = "Each entry is one client; a guarantee's `*` stands for all of them.";

/** The name of the client's issuer: its `issuer`, or else the only issuer. `undefined`: there is none, or a fault. */
function compileIssuerName(
  part: ClientConfig,
  path: Fault["path"],
  config: Salvaged<PolicyConfig>,
  report: Report,
): string | undefined {
  const known = Object.keys(config.issuers ?? {});
  if (part === undefined) return undefined;
  if (!Object.hasOwn(part, "issuer")) {
    if (known.length > 1) {
      report(
        path,
        "The client has no `issuer`, and the policy has several issuers.",
        "Name its issuer: client ids are unique for one issuer only, so another issuer could use the same id.",
      );
    }
    return known.length === 1 ? known[0] : undefined;
  }
  return namedIssuer(part.issuer, [...path, "issuer"], config, report);
}

function compileScopes(
  names: readonly (string | undefined)[] = [],
  path: Fault["path"],
  issuer: string | undefined,
  declared: DeclaredScopes,
  report: Report,
): ReadonlySet<string> {
  const scopes = new Set<string>();
  for (const [index, name] of names.entries()) {
    if (name === undefined) continue;
    const found = resolveScope(name, declared.table);
    if (found.ok) {
      const { fullName, resourceServer } = found.value;
      scopes.add(fullName);
      if (issuer === undefined || mayGrant(declared.table, issuer, fullName)) continue;
      report(
        [...path, index],
        `The resource server \`${resourceServer}\` does not let the issuer \`${issuer}\` grant \`${name}\`.`,
        "Remove the scope, or add the issuer to `issuers` of the resource server.",
      );
    } else if (isWildcard(name)) {
      // With a wildcard, a scope that is declared later would be granted to clients that nobody reviewed for it.
      report([...path, index], "A client's scopes cannot contain wildcards.", "List each scope.");
    } else if (declared.complete || !found.failure.undeclared) {
      report([...path, index], found.failure.message, found.failure.hint);
    }
  }
  return scopes;
}
