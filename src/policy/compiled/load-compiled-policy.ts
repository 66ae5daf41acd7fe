import { failure, type Result, success } from "../../result.ts";
import { allowedOrigins } from "../allowed-origins.ts";
import { compileHosts } from "../compile/addresses/compile-hosts.ts";
import { compilePublicUrl } from "../compile/addresses/compile-public-url.ts";
import { checkHeaderNames } from "../compile/check-header-names.ts";
import { compileIssuers } from "../compile/compile-issuers.ts";
import { compileUpstreams } from "../compile/compile-upstreams.ts";
import { checkConditionClaims, conditionUsesOf } from "../compile/conditions/check-condition-claims.ts";
import { substituteVariables } from "../compile/substitute-variables.ts";
import type { Salvaged } from "../compile/validate-policy-config.ts";
import type { Fault, Report } from "../fault.ts";
import type { Issuer, Route, ServedPolicy, Upstream } from "../policy.ts";
import { registrationsOf } from "../registrations.ts";
import { testedClaims } from "../requirements/conditions.ts";
import { RouteTable } from "../routing/route-table.ts";
import { scopeTable } from "../scopes.ts";
import type { CompiledPolicy, CompiledRoutes } from "./compiled-policy.ts";

/**
 * Makes a compiled policy ready to serve, or returns every fault that the Worker's vars bring in. The parts that may
 * contain variables are compiled here. Routes are put together when they are first asked for; a
 * damaged one throws then.
 *
 * @param vars the Worker's vars; only strings can be put in for a variable
 */
export function loadCompiledPolicy(
  compiled: CompiledPolicy,
  vars: Readonly<Record<string, unknown>>,
): Result<ServedPolicy, readonly Fault[]> {
  const faults: Fault[] = [];
  const report: Report = (path, message, hint) => faults.push({ path, message, hint });
  const fill = <Part>(part: Part, name: string) => substituteVariables(part, vars, [name], report) as Salvaged<Part>;
  const issuers = compileIssuers(fill(compiled.issuers, "issuers"), loadGrants(compiled.grants), report);
  const upstreamConfigs = fill(compiled.upstreams, "upstreams");
  const upstreams = compileUpstreams(upstreamConfigs, report);
  checkHeaderNames(upstreamConfigs, compiled.claimHeaders, report);
  const hosts = compileHosts(fill(compiled.hosts, "hosts"), report);
  const publicUrl = compilePublicUrl(fill(compiled.publicUrl, "publicUrl"), report);
  const requirements = compiled.routes.requirements.values;
  checkConditionClaims(conditionUsesOf(requirements), issuers.values(), report);
  if (faults.length > 0) return failure(faults);
  const { realm, cors, claimHeaders } = compiled;
  return success({
    realm,
    hosts,
    publicUrl,
    cors: cors && { ...cors, origins: cors.origins === "*" ? "*" : allowedOrigins(cors.origins) },
    issuers,
    resourceServers: new Map(compiled.resourceServers.map((server) => [server.identifier, server])),
    scopes: scopeTable(compiled.scopes, compiled.resourceServers),
    resources: new Map(compiled.resources.map((resource) => [resource.path, resource])),
    registrations: registrationsOf(
      compiled.clients.map(({ scopes, ...client }) => ({ ...client, scopes: new Set(scopes) })),
    ),
    upstreams,
    testedClaims: testedClaims(requirements),
    claimHeaders,
    table: loadTable(compiled.routes, upstreams),
  });
}

function loadGrants(grants: CompiledPolicy["grants"] = {}): ReadonlyMap<string, Issuer["grants"]> {
  return new Map(
    Object.entries(grants).map(([issuer, claims]) => [
      issuer,
      claims.map(({ claim, values }) => ({ claim, byValue: new Map(values) })),
    ]),
  );
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
