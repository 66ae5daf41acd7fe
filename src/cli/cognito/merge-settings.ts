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
  /** Full names of scopes that clients have in Cognito and that no resource server declares. */
  readonly undeclared: readonly string[];
}

type Servers = NonNullable<PolicyConfig["resourceServers"]>;

/**
 * Updates a policy from the settings of a user pool. Resource servers and scopes are added, descriptions are replaced,
 * and each client gets exactly the declared scopes that it has in the pool, and its name there if the policy has none.
 * Entries that already mean the same keep their spelling. Nothing is removed, because a route may need it; a remark
 * says what Cognito lacks. Scopes of OpenID Connect and Cognito's own scopes mean nothing to a policy and are ignored.
 */
export function mergeSettings<File extends CognitoPart>(file: File, settings: CognitoSettings): Merge<File> {
  const remarks: string[] = [];
  const undeclared: string[] = [];
  // Maps, because an object would take the name `__proto__` for something else.
  const servers = new Map(Object.entries(file.resourceServers ?? {}));
  for (const server of settings.servers) {
    servers.set(server.identifier, mergeServer(servers.get(server.identifier), server, remarks));
  }
  const names = new ScopeNames(servers);
  const clients = new Map(Object.entries(file.clients ?? {}));
  const issuer = issuerOfPool(file.issuers ?? {}, settings.userPoolId);
  const hasSeveralIssuers = Object.keys(file.issuers ?? {}).length > 1;
  for (const client of settings.clients) {
    const [name, existing] = registrationOf(client, clients, issuer);
    if (existing === undefined && client.knownBy !== "id") remarks.push(unknownId(client));
    const scopes = client.scopes.filter((name) => names.isDeclared(name));
    for (const name of client.scopes) {
      if (names.isDeclared(name) || FOREIGN_SCOPES.has(name)) continue;
      undeclared.push(name);
      remarks.push(`The scope \`${name}\` of the client \`${client.id}\` is left out: no resource server declares it.`);
    }
    const named = existing?.name === undefined && client.name !== undefined && client.name !== name;
    if (
      existing !== undefined &&
      !named &&
      isSameSet(
        existing.scopes.map((name) => names.full(name) ?? name),
        scopes,
      )
    )
      continue;
    const added = {
      ...(name !== client.id && { id: client.id }),
      ...(hasSeveralIssuers && issuer !== undefined && { issuer }),
    };
    clients.set(name, {
      ...(named && { name: client.name }),
      ...(existing ?? added),
      scopes: scopes.map((scope) => names.shortest(scope)),
    });
  }
  if (isForeignPool(file.issuers, settings.userPoolId)) {
    remarks.push(`No issuer of the policy is the user pool \`${settings.userPoolId}\`, which was imported.`);
  }
  const issuers = file.issuers ?? issuerOf(settings.userPoolId);
  return {
    file: {
      ...file,
      ...(issuers && { issuers }),
      ...(servers.size > 0 && { resourceServers: Object.fromEntries(servers) }),
      ...(clients.size > 0 && { clients: Object.fromEntries(clients) }),
    },
    remarks,
    undeclared,
  };
}

type Registration = NonNullable<PolicyConfig["clients"]>[string];

/**
 * The name of a client's registration, and the registration if there is one. A registration of another issuer is left
 * alone, even if it has the same client id.
 *
 * @param issuer name of the issuer that is the user pool; `undefined`: there is none, or it is not clear which
 */
function registrationOf(
  { id, knownBy }: CognitoClient,
  clients: ReadonlyMap<string, Registration>,
  issuer: string | undefined,
): readonly [name: string, existing: Registration | undefined] {
  const found = [...clients].find(
    ([name, client]) =>
      (knownBy === "id" ? (client.id ?? name) === id : name === id) && (client.issuer ?? issuer) === issuer,
  );
  return found ?? [clients.has(id) ? `${id} (${issuer ?? "Cognito"})` : id, undefined];
}

/**
 * The name of the issuer that is the user pool: the only issuer, the one that the pool's id tells, or the only pool.
 */
function issuerOfPool(issuers: NonNullable<PolicyConfig["issuers"]>, userPoolId: string | undefined) {
  const names = Object.keys(issuers);
  if (names.length < 2) return names[0];
  const all = Object.entries(issuers).filter(([, { profile }]) => profile === "cognito");
  const its = all.filter(([, { issuer }]) => userPoolId !== undefined && issuer.endsWith(`/${userPoolId}`));
  const [only, ...others] = its.length > 0 ? its : all;
  return others.length === 0 ? only?.[0] : undefined;
}

/** The scopes that a client of Cognito may have and that no resource server declares. */
const FOREIGN_SCOPES: ReadonlySet<string> = new Set([
  ...["openid", "email", "profile", "phone"],
  "aws.cognito.signin.user.admin",
]);

function unknownId({ id, knownBy }: CognitoClient): string {
  const what = knownBy === "label" ? "label, because it has no name" : "name";
  const fix = "Replace it by the client's id, which Cognito chooses and tokens carry.";
  return `The new client \`${id}\` is registered under its ${what}. ${fix}`;
}

/** Whether the settings are of another user pool than those of the policy. A variable may stand for any pool. */
function isForeignPool(issuers: PolicyConfig["issuers"], userPoolId: string | undefined): boolean {
  if (issuers === undefined || userPoolId === undefined) return false;
  return Object.values(issuers).every(({ issuer }) => !issuer.includes("${") && !issuer.endsWith(`/${userPoolId}`));
}

function mergeServer(existing: Servers[string] | undefined, server: CognitoServer, remarks: string[]): Servers[string] {
  const scopes = new Map<string, ScopeDeclaration>(Object.entries(existing?.scopes ?? {}));
  for (const name of scopes.keys()) {
    if (!Object.hasOwn(server.scopes, name)) remarks.push(`Cognito has no scope \`${server.identifier}/${name}\`.`);
  }
  for (const [name, declaration] of Object.entries(server.scopes)) {
    scopes.set(name, mergeScope(scopes.get(name), declaration));
  }
  // Cognito requires a name. A name that the export made up is not imported.
  const isMadeUp = server.name === serverName({ ...server, name: undefined });
  const name = isMadeUp && existing?.name === undefined ? undefined : (server.name ?? existing?.name);
  const named = name === undefined ? {} : { name };
  return { ...named, ...existing, ...named, scopes: Object.fromEntries(scopes) };
}

function mergeScope(existing: ScopeDeclaration | undefined, imported: ScopeDeclaration): ScopeDeclaration {
  if (typeof existing !== "object" || typeof imported === "object") return imported;
  // Cognito cannot store what a scope implies, so the policy keeps it.
  return { ...existing, description: descriptionOf(imported) };
}

/** Looks up the scopes that the resource servers declare, by full and short names. */
class ScopeNames {
  readonly #fullByShort = new Map<string, string[]>();
  readonly #shortByFull = new Map<string, string>();

  constructor(servers: ReadonlyMap<string, Servers[string]>) {
    for (const [identifier, { scopes }] of servers) {
      for (const short of Object.keys(scopes)) {
        const full = `${identifier}/${short}`;
        this.#shortByFull.set(full, short);
        this.#fullByShort.set(short, [...(this.#fullByShort.get(short) ?? []), full]);
      }
    }
  }

  /** Whether a resource server declares the scope of this full name. */
  isDeclared(full: string): boolean {
    return this.#shortByFull.has(full);
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
  const domain = region.startsWith("cn-") ? "amazonaws.com.cn" : "amazonaws.com";
  return { cognito: { issuer: `https://cognito-idp.${region}.${domain}/${userPoolId}`, profile: "cognito" } };
}
