import type { PolicyConfig } from "../../policy/compile/schema/config-schema.ts";
import { serverName } from "./names.ts";
import {
  type CognitoClient,
  type CognitoServer,
  type CognitoSettings,
  descriptionOf,
  type ScopeDeclaration,
} from "./settings.ts";

/** The part of a policy that comes from Cognito. */
export type CognitoPart = Pick<PolicyConfig, "issuers" | "resourceServers" | "clients">;

/** An updated policy, with remarks about the update. */
export interface Merge<File> {
  readonly file: File;
  /** What was left out, and what the file has that Cognito lacks, one sentence each. */
  readonly remarks: readonly string[];
}

type Servers = NonNullable<PolicyConfig["resourceServers"]>;

/**
 * Updates a policy from the settings of a user pool. Resource servers and scopes are added, descriptions are replaced,
 * and each client gets exactly the declared scopes that it has in the pool. Entries that already mean the same keep
 * their spelling. Nothing is removed, because a route may need it; a remark says what Cognito lacks. Scopes of OpenID
 * Connect and Cognito's own scopes are ignored.
 */
export function mergeSettings<File extends CognitoPart>(file: File, settings: CognitoSettings): Merge<File> {
  const remarks: string[] = [];
  const resourceServers: Servers = { ...file.resourceServers };
  for (const server of settings.servers) {
    const existing = resourceServers[server.identifier];
    resourceServers[server.identifier] = mergeServer(existing, server, remarks);
  }
  const names = new ScopeNames(resourceServers);
  const clients = { ...file.clients };
  for (const client of settings.clients) {
    const scopes = declaredScopes(client, names, remarks);
    const existing = clients[client.id];
    if (
      existing === undefined ||
      !isSameSet(
        existing.scopes.map((name) => names.full(name) ?? name),
        scopes,
      )
    ) {
      clients[client.id] = { scopes: scopes.map((name) => names.shortest(name)) };
    }
  }
  const issuers = file.issuers ?? issuerOf(settings.userPoolId);
  return {
    file: {
      ...file,
      ...(issuers && { issuers }),
      ...(Object.keys(resourceServers).length > 0 && { resourceServers }),
      ...(Object.keys(clients).length > 0 && { clients }),
    },
    remarks,
  };
}

function mergeServer(existing: Servers[string] | undefined, server: CognitoServer, remarks: string[]): Servers[string] {
  const scopes: Record<string, ScopeDeclaration> = { ...existing?.scopes };
  for (const name of Object.keys(scopes)) {
    if (!Object.hasOwn(server.scopes, name)) remarks.push(`Cognito has no scope \`${server.identifier}/${name}\`.`);
  }
  for (const [name, declaration] of Object.entries(server.scopes)) scopes[name] = mergeScope(scopes[name], declaration);
  // Cognito requires a name. A name that the export made up is not imported.
  const isMadeUp = server.name === serverName({ ...server, name: undefined });
  const name = isMadeUp && existing?.name === undefined ? undefined : (server.name ?? existing?.name);
  return { ...(name !== undefined && { name }), ...existing, ...(name !== undefined && { name }), scopes };
}

function mergeScope(existing: ScopeDeclaration | undefined, imported: ScopeDeclaration): ScopeDeclaration {
  if (typeof existing !== "object" || typeof imported === "object") return imported;
  // Cognito cannot store what a scope implies, so the policy keeps it.
  return { ...existing, description: descriptionOf(imported) };
}

/** The scopes that some resource server declares. Other scopes would grant nothing, so a remark names them. */
function declaredScopes({ id, scopes }: CognitoClient, names: ScopeNames, remarks: string[]): readonly string[] {
  return scopes.filter((name) => {
    const isDeclared = names.full(name) === name;
    if (!isDeclared && name.includes("/")) {
      remarks.push(`The scope \`${name}\` of the client \`${id}\` is left out: no resource server declares it.`);
    }
    return isDeclared;
  });
}

/** Looks up the scopes that the resource servers declare, by full and short names. */
class ScopeNames {
  readonly #fullByShort = new Map<string, string[]>();
  readonly #shortByFull = new Map<string, string>();

  constructor(servers: Servers) {
    for (const [identifier, { scopes }] of Object.entries(servers)) {
      for (const short of Object.keys(scopes)) {
        const full = `${identifier}/${short}`;
        this.#shortByFull.set(full, short);
        this.#fullByShort.set(short, [...(this.#fullByShort.get(short) ?? []), full]);
      }
    }
  }

  /** The full name of a scope, given by full name or by a short name that only one resource server declares. */
  full(name: string): string | undefined {
    const [only, ...others] = this.#fullByShort.get(name) ?? [];
    return this.#shortByFull.has(name) ? name : others.length === 0 ? only : undefined;
  }

  /** The short name if it is unambiguous, otherwise the full name. */
  shortest(full: string): string {
    const short = this.#shortByFull.get(full);
    return short !== undefined && this.full(short) === full ? short : full;
  }
}

function isSameSet(one: readonly string[], other: readonly string[]): boolean {
  const set = new Set(one);
  return set.size === new Set(other).size && other.every((name) => set.has(name));
}

/** The issuer of a user pool. The pool's id begins with its region. */
function issuerOf(userPoolId: string | undefined): PolicyConfig["issuers"] {
  const region = /^([a-z0-9-]+)_[A-Za-z0-9]+$/.exec(userPoolId ?? "")?.[1];
  if (region === undefined) return undefined;
  return { cognito: { issuer: `https://cognito-idp.${region}.amazonaws.com/${userPoolId}`, profile: "cognito" } };
}
