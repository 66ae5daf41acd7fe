import type { Fault, Report } from "./fault.ts";
import { compileIssuers } from "./issuers.ts";
import type { Route, ServedPolicy, Upstream } from "./policy.ts";
import type { Readable } from "./read-file.ts";
import { RouteTable } from "./route-table.ts";
import { scopeTable } from "./scope-table.ts";
import type { StoredPolicy, StoredRoutes } from "./stored-policy.ts";
import { compileUpstreams } from "./upstreams.ts";
import { substituteVariables } from "./variables.ts";

/** A policy that may serve, or all that is wrong with it. */
export type Restoration = { readonly policy: ServedPolicy } | { readonly faults: readonly Fault[] };

/**
 * Makes a stored policy ready to serve. What depends on `vars`, the Worker's, is compiled here, with all its faults;
 * routes when they are first asked for.
 */
export function restorePolicy(stored: StoredPolicy, vars: Readonly<Record<string, unknown>>): Restoration {
  const faults: Fault[] = [];
  const report: Report = (path, message, hint) => faults.push({ path, message, hint });
  const fill = <Part>(part: Part, name: string) => substituteVariables(part, vars, [name], report) as Readable<Part>;
  const issuers = compileIssuers(fill(stored.issuers, "issuers"), report);
  const upstreams = compileUpstreams(fill(stored.upstreams, "upstreams"), report);
  if (faults.length > 0) return { faults };
  const { realm, publicUrl, cors, claimHeaders } = stored;
  const policy: ServedPolicy = {
    realm,
    publicUrl,
    cors: cors && { ...cors, origins: cors.origins === "*" ? "*" : new Set(cors.origins) },
    issuers,
    resourceServers: new Map(stored.resourceServers.map((server) => [server.identifier, server])),
    scopes: scopeTable(stored.scopes),
    clients: new Map(stored.clients.map(({ id, scopes }) => [id, { id, scopes: new Set(scopes) }])),
    upstreams,
    claimHeaders,
    table: restoreTable(stored.routes, upstreams),
  };
  return { policy };
}

function restoreTable(
  { paths, methods, requirements, upstreams }: StoredRoutes,
  named: ReadonlyMap<string, Upstream>,
): RouteTable {
  return new RouteTable(paths, (index): Route | undefined => {
    const path = paths[index];
    const listed = methods.values[methods.indices[index] ?? -1];
    const requirement = requirements.values[requirements.indices[index] ?? -1];
    const upstream = named.get(upstreams.values[upstreams.indices[index] ?? -1] ?? "");
    if (path === undefined || !listed || !requirement || !upstream) return undefined;
    return { path, methods: listed, requirement, upstream, index };
  });
}
