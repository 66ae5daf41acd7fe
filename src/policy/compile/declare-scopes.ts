import { MAX_IMPLICATIONS } from "../../limits.ts";
import { findControlCharacter } from "../control-characters.ts";
import type { Report } from "../fault.ts";
import type { ResourceServer, Scope, ScopeTable } from "../policy.ts";
import { scopeTable } from "../scopes.ts";
import { namedIssuers } from "./issuers/named-issuers.ts";
import type { PolicyConfig } from "./schema/config-schema.ts";
import { isScopeToken, isWildcard, resolveScope } from "./scope-names.ts";
import type { Salvaged } from "./validate-policy-config.ts";

/** The scopes that a policy declares. */
export interface DeclaredScopes {
  /** By identifier. */
  readonly resourceServers: ReadonlyMap<string, ResourceServer>;
  readonly table: ScopeTable;
  /** `false`: some declarations are faulty, so a name that is not found may be declared there. */
  readonly complete: boolean;
}

/**
 * Compiles `resourceServers`: every declared scope by its full and its short name, with all scopes that it implies.
 */
export function declareScopes(
  config: Pick<Salvaged<PolicyConfig>, "issuers" | "resourceServers">,
  report: Report,
): DeclaredScopes {
  const { resourceServers: servers } = config;
  const resourceServers = new Map<string, ResourceServer>();
  const byFullName = new Map<string, Growing>();
  const byShortName = new Map<string, Growing[]>();
  let complete = servers !== undefined || !Object.hasOwn(config, "resourceServers");
  for (const [identifier, server] of Object.entries(servers ?? {})) {
    if (!isScopeToken(identifier) && findControlCharacter(identifier) === undefined) {
      report(["resourceServers", identifier], "The identifier cannot be part of a scope.", tokenHint);
    }
    if (server?.scopes === undefined) complete = false;
    const scopes = Object.entries(server?.scopes ?? {}).map(([shortName, declaration]): Growing => {
      const path = ["resourceServers", identifier, "scopes", shortName];
      if (!isScopeToken(shortName) && findControlCharacter(shortName) === undefined)
        report(path, "The name cannot be a scope.", tokenHint);
      const { description = "", implies = [] } =
        typeof declaration === "object" ? declaration : { description: declaration };
      const fullName = `${identifier}/${shortName}`;
      return { fullName, shortName, resourceServer: identifier, description, implies: [], names: implies, path };
    });
    for (const scope of scopes) {
      const twin = byFullName.get(scope.fullName);
      if (twin)
        report(scope.path, `\`${scope.fullName}\` is also declared under \`${twin.resourceServer}\`.`, renameHint);
      byFullName.set(scope.fullName, scope);
      add(byShortName, scope.shortName, scope);
    }
    const names = scopes.map(({ fullName }) => fullName);
    const issuers = namedIssuers(server?.issuers, ["resourceServers", identifier, "issuers"], config, report);
    resourceServers.set(identifier, { identifier, name: server?.name, ...(issuers && { issuers }), scopes: names });
  }
  const table: ScopeTable = { byFullName, byShortName, issuersOf: new Map() };
  for (const { shortName, path } of byFullName.values()) {
    // Otherwise one name in a token or a requirement would mean two scopes.
    if (byFullName.has(shortName)) report(path, `\`${shortName}\` is the full name of another scope.`, renameHint);
  }
  resolveImplied(byFullName, table, complete, report);
  const scopes = Array.from(byFullName.values(), ({ names: _, path: __, ...scope }): Scope => scope);
  return { resourceServers, table: scopeTable(scopes, resourceServers.values()), complete };
}

const tokenHint = 'Use printable ASCII except spaces, `"`, `\\` and `*` (RFC 6749 3.3).';
const renameHint = "Rename one of them.";

/** A scope whose `implies` is not complete yet. */
interface Growing extends Scope {
  implies: readonly string[];
  /** The scopes that it implies directly, as written. */
  readonly names: readonly (string | undefined)[];
  readonly path: readonly string[];
}

function add<Key>(map: Map<Key, Growing[]>, key: Key, scope: Growing): void {
  const list = map.get(key);
  if (list) list.push(scope);
  else map.set(key, [scope]);
}

function resolveImplied(
  scopes: ReadonlyMap<string, Growing>,
  table: ScopeTable,
  complete: boolean,
  report: Report,
): void {
  const direct = new Map<Growing, Growing[]>();
  for (const scope of scopes.values()) {
    const implied: Growing[] = [];
    for (const [index, name] of scope.names.entries()) {
      if (name === undefined) continue;
      const found = resolveScope(name, table, scope.resourceServer);
      if (found.ok) {
        const target = scopes.get(found.value.fullName);
        if (target) implied.push(target);
      } else if (isWildcard(name)) {
        // With a wildcard, a scope that is declared later would be implied without a review.
        report([...scope.path, "implies", index], "A scope cannot imply wildcards.", "List each scope.");
      } else if (complete || !found.failure.undeclared) {
        report([...scope.path, "implies", index], found.failure.message, found.failure.hint);
      }
    }
    if (implied.length > 0) direct.set(scope, implied);
  }
  const cyclic = closeTransitively(direct, report);
  if (cyclic.size > 0) reportCycles(cyclic, direct, report);
}

/**
 * Fills in `implies`, each scope after those that it implies directly. Returns the scopes that cannot be filled in:
 * they are in a cycle or lead to one. Reports the first scope that goes beyond `MAX_IMPLICATIONS`.
 */
function closeTransitively(direct: ReadonlyMap<Growing, readonly Growing[]>, report: Report): Set<Growing> {
  let left = MAX_IMPLICATIONS;
  const open = new Map<Growing, number>();
  const implying = new Map<Growing, Growing[]>();
  for (const [scope, implied] of direct) {
    const waitingFor = implied.filter((it) => direct.has(it));
    open.set(scope, waitingFor.length);
    for (const it of waitingFor) add(implying, it, scope);
  }
  const ready = [...direct.keys()].filter((scope) => open.get(scope) === 0);
  for (let scope = ready.pop(); scope; scope = ready.pop()) {
    open.delete(scope);
    // Beyond the limit the policy never serves, so the rest is not filled in.
    if (left >= 0) {
      scope.implies = impliedBy(direct.get(scope) ?? []);
      left -= scope.implies.length;
      if (left < 0) report([...scope.path, "implies"], ...tooManyImplications(scope));
    }
    for (const next of implying.get(scope) ?? []) {
      const waitingFor = (open.get(next) ?? 0) - 1;
      open.set(next, waitingFor);
      if (waitingFor === 0) ready.push(next);
    }
  }
  return new Set(open.keys());
}

/** The names of the scopes and of all that they imply, each once. Their own `implies` must be complete. */
function impliedBy(direct: readonly Growing[]): readonly string[] {
  const names = new Set<string>();
  for (const { fullName, implies } of direct) {
    // A name that is there already came with all that it implies.
    if (names.has(fullName)) continue;
    names.add(fullName);
    for (const name of implies) names.add(name);
  }
  return [...names];
}

function tooManyImplications({ implies }: Growing): [message: string, hint: string] {
  return [
    `Scopes imply others more than ${MAX_IMPLICATIONS} times, directly or through others. This one implies ${implies.length}.`,
    "Make the chains shorter, or let fewer scopes imply so many.",
  ];
}

/** Most scopes of a cycle that a fault names. */
const MAX_NAMED_SCOPES = 8;

function reportCycles(cyclic: ReadonlySet<Growing>, direct: ReadonlyMap<Growing, readonly Growing[]>, report: Report) {
  const seen = new Set<Growing>();
  for (const start of cyclic) {
    const walked: Growing[] = [];
    let scope: Growing | undefined = start;
    while (scope && !seen.has(scope)) {
      seen.add(scope);
      walked.push(scope);
      scope = direct.get(scope)?.find((it) => cyclic.has(it));
    }
    // If the walk ended at a scope of an earlier walk, that walk reported the cycle.
    if (!scope || !walked.includes(scope)) continue;
    const cycle = walked.slice(walked.indexOf(scope)).map(({ shortName }) => `\`${shortName}\``);
    const left = cycle.length - MAX_NAMED_SCOPES;
    const named = left > 0 ? [...cycle.slice(0, MAX_NAMED_SCOPES), `${left} more`] : cycle;
    const names = [...named, `\`${scope.shortName}\``].join(" -> ");
    report([...scope.path, "implies"], `The scope implies itself: ${names}.`, "Remove one of these implications.");
  }
}
