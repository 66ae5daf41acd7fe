import type { Report } from "../fault.ts";
import type { Client } from "../policy.ts";
import type { DeclaredScopes } from "./declare-scopes.ts";
import type { PolicyConfig } from "./schema/config-schema.ts";
import { isWildcard, resolveScope } from "./scope-names.ts";
import type { Salvaged } from "./validate-policy-config.ts";

/** Compiles `clients`, by client id. */
export function compileClients(
  configs: Salvaged<PolicyConfig>["clients"],
  declared: DeclaredScopes,
  report: Report,
): Map<string, Client> {
  const clients = new Map<string, Client>();
  for (const [id, part] of Object.entries(configs ?? {})) {
    const scopes = new Set<string>();
    for (const [index, name] of (part?.scopes ?? []).entries()) {
      if (name === undefined) continue;
      const path = ["clients", id, "scopes", index];
      const found = resolveScope(name, declared.table);
      if (found.ok) scopes.add(found.value.fullName);
      else if (isWildcard(name)) {
        // With a wildcard, a scope that is declared later would be granted to clients that nobody reviewed for it.
        report(path, "A client's scopes cannot contain wildcards.", "List each scope.");
      } else if (declared.complete || !found.failure.undeclared) {
        report(path, found.failure.message, found.failure.hint);
      }
    }
    clients.set(id, { id, scopes });
  }
  return clients;
}
