import { compileIssuers } from "../compile/issuers.ts";
import type { Salvaged } from "../compile/schema/validate.ts";
import { compileUpstreams } from "../compile/upstreams.ts";
import { substituteVariables } from "../compile/variables.ts";
import type { Fault, Report } from "../fault.ts";
import type { Route, ServedPolicy, Upstream } from "../policy.ts";
import { RouteTable } from "../routing/route-table.ts";
import { scopeTable } from "../scopes.ts";
import type { CompiledPolicy, CompiledRoutes } from "./compiled-policy.ts";

/** A policy that may serve, or all that is wrong with it. */
export type LoadedPolicy = { readonly policy: ServedPolicy } | { readonly faults: readonly Fault[] };

/**
 * Makes a stored policy ready to serve. What depends on `vars`, the Worker's, is compiled here, with all its faults;
 * routes when they are first asked for.
 */
export function loadCompiledPolicy(stored: CompiledPolicy, vars: Readonly<Record<string, unknown>>): LoadedPolicy {
  const faults: Fault[] = [];
  const report: Report = (path, message, hint) => faults.push({ path, message, hint });
  const fill = <Part>(part: Part, name: string) => substituteVariables(part, vars, [name], report) as Salvaged<Part>;
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
    table: loadTable(stored.routes, upstreams),
  };
  return { policy };
}

function loadTable(
  { paths, methods, requirements, upstreams }: CompiledRoutes,
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
