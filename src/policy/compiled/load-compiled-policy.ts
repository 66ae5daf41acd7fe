import { allowedOrigins } from "../../http/allowed-origins.ts";
import { failure, type Result, success } from "../../result.ts";
import { compileHosts } from "../compile/addresses/compile-hosts.ts";
import { compilePublicUrl } from "../compile/addresses/compile-public-url.ts";
import { compileRouteHosts } from "../compile/addresses/compile-route-hosts.ts";
import { checkEvidenceClaims } from "../compile/authentication/check-evidence-claims.ts";
import { checkHeaderNames } from "../compile/check-header-names.ts";
import { compileIssuers } from "../compile/compile-issuers.ts";
import { compileUpstreams } from "../compile/compile-upstreams.ts";
import { checkConditionClaims, conditionUsesOf } from "../compile/conditions/check-condition-claims.ts";
import { checkProofsCovered } from "../compile/issuers/compile-dpop.ts";
import type { TenancyCompiler } from "../compile/issuers/compile-tenants.ts";
import { reportConflicts } from "../compile/report-conflicts.ts";
import { substituteVariables } from "../compile/substitute-variables.ts";
import type { compileAssertion } from "../compile/upstreams/compile-assertion.ts";
import { checkStripPrefixes, type PrefixedRoute } from "../compile/upstreams/strip-prefix.ts";
import type { Salvaged } from "../compile/validate-policy-config.ts";
import { absentModule, type Fault, type Report } from "../fault.ts";
import type { Issuer, Route, RouteTemplate, ServedPolicy, Upstream } from "../policy.ts";
import { registrationsOf } from "../registrations.ts";
import { testedClaims } from "../requirements/conditions.ts";
import { stepUpsOf } from "../requirements/step-up.ts";
import { hostRoutes, routesOfEveryHost, tableOf } from "../routing/host-routes.ts";
import { rewritingOf } from "../routing/rewrite-path.ts";
import { RouteTable } from "../routing/route-table.ts";
import { scopeTable } from "../scopes.ts";
import type { Column, CompiledPolicy, CompiledRoutes } from "./compiled-policy.ts";
import type { loadMcp } from "./mcp-form.ts";

/** What compiles the parts of a policy that few policies have. A build may leave it out. */
export interface OptionalCompilers {
  readonly compileAssertion?: typeof compileAssertion | undefined;
  readonly loadMcp?: typeof loadMcp | undefined;
  readonly tenancy?: TenancyCompiler | undefined;
}

/**
 * Makes a compiled policy ready to serve, or returns every fault that the Worker's vars bring in. The parts that may
 * contain variables are compiled here. Routes are put together when they are first asked for; a
 * damaged one throws then.
 *
 * @param vars the Worker's vars; only strings can be put in for a variable
 * @param optional a part without its compiler is a fault
 */
export function loadCompiledPolicy(
  compiled: CompiledPolicy,
  vars: Readonly<Record<string, unknown>>,
  optional: OptionalCompilers = {},
): Result<ServedPolicy, readonly Fault[]> {
  const faults: Fault[] = [];
  const report: Report = (path, message, hint) => faults.push({ path, message, hint });
  const fill = <Part>(part: Part, name: string) => substituteVariables(part, vars, [name], report) as Salvaged<Part>;
  const { compileAssertion, loadMcp, tenancy } = optional;
  const issuers = compileIssuers(fill(compiled.issuers, "issuers"), loadGrants(compiled.grants), report, tenancy);
  // A variable can bring in that an issuer accepts DPoP.
  if (compiled.dpop === undefined) checkProofsCovered(issuers.values(), report);
  const upstreamConfigs = fill(compiled.upstreams, "upstreams");
  const upstreams = compileUpstreams(upstreamConfigs, report);
  checkHeaderNames(upstreamConfigs, compiled.claimHeaders, report);
  if (compiled.assertion && !compileAssertion) faults.push(absentModule("assertion"));
  const assertion =
    compiled.assertion &&
    compileAssertion?.(
      { assertion: fill(compiled.assertion, "assertion"), upstreams: upstreamConfigs },
      issuers,
      report,
    );
  if (compiled.routes.mcp && !loadMcp) faults.push(absentModule("mcp"));
  const hosts = compileHosts(fill(compiled.hosts, "hosts"), report);
  const publicUrl = compilePublicUrl(fill(compiled.publicUrl, "publicUrl"), report);
  const requirements = compiled.routes.requirements.values;
  checkConditionClaims(conditionUsesOf(requirements), issuers.values(), report);
  const stepUps = stepUpsOf(requirements);
  if (stepUps.length > 0) checkEvidenceClaims(stepUps, conditionUsesOf(requirements), issuers.values(), report);
  const hostsOf = loadRouteHosts(compiled.routes, hosts, vars, report);
  // Only a prefix with a variable can be another one than the build has checked.
  const strips = Object.values(compiled.upstreams).some(({ stripPrefix }) => stripPrefix?.includes("${"));
  if (strips) checkStripPrefixes(upstreams, prefixedRoutes(compiled.routes), report);
  if (faults.length > 0) return failure(faults);
  const { realm, cors, claimHeaders, dpop, mtls, telemetry, revocation, shadow } = compiled;
  const rateLimits = compiled.routes.rateLimits?.values.flatMap((limits) => limits ?? []);
  const scopes = scopeTable(compiled.scopes, compiled.resourceServers);
  const resources = new Map(compiled.resources.map((resource) => [resource.path, resource]));
  const routeAt = loadRoutes(compiled.routes, upstreams, loadMcp);
  // Only where routes name hosts are all of them put together at the start.
  const routes = hostsOf && loadAll(compiled.routes, routeAt, hostsOf, report);
  if (faults.length > 0) return failure(faults);
  return success({
    realm,
    hosts,
    publicUrl,
    cors: cors && { ...cors, origins: cors.origins === "*" ? "*" : allowedOrigins(cors.origins) },
    issuers,
    resourceServers: new Map(compiled.resourceServers.map((server) => [server.identifier, server])),
    scopes,
    resources,
    registrations: registrationsOf(
      compiled.clients.map(({ scopes, ...client }) => ({ ...client, scopes: new Set(scopes) })),
    ),
    upstreams,
    testedClaims: testedClaims(requirements),
    claimHeaders,
    ...(assertion && { assertion }),
    table: routes ? tableOf(routesOfEveryHost(routes)) : new RouteTable(compiled.routes.paths, routeAt),
    byHost: routes && hostRoutes({ hosts, resources, scopes, issuers }, routes),
    templates: loadTemplates(compiled.routes),
    ...(dpop && { dpop }),
    ...(mtls && { mtls }),
    ...(stepUps.length > 0 && { asksForAuthentication: true }),
    ...(compiled.routes.reports && { hasReports: true }),
    ...(telemetry && { telemetry }),
    ...(revocation && { revocation }),
    ...(shadow && { shadow: shadow.file }),
    ...(compiled.routes.mcp && { hasMessages: true }),
    ...(rateLimits && { rateLimits }),
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

type RouteAt = (index: number) => Route | undefined;

function loadRoutes(
  { paths, methods, requirements, upstreams, upstreamPaths, mcp, reports, rateLimits }: CompiledRoutes,
  named: ReadonlyMap<string, Upstream>,
  load: OptionalCompilers["loadMcp"],
): RouteAt {
  return (index) => {
    const path = paths[index];
    const listed = at(methods, index);
    const requirement = at(requirements, index);
    const upstream = named.get(at(upstreams, index) ?? "");
    const template = upstreamPaths === undefined ? "" : at(upstreamPaths, index);
    const counted = rateLimits === undefined ? null : at(rateLimits, index);
    if (path === undefined || !listed || !requirement || !upstream || template === undefined) return undefined;
    // A route that lost its limits must not serve without them.
    if (counted === undefined) return undefined;
    const upstreamPath = template === "" ? undefined : template;
    const rewriting = rewritingOf(path, upstreamPath, upstream.stripPrefix);
    const messages = mcp?.[index];
    const rules = messages && load?.(messages, requirements.values);
    // A column that is damaged has no value here, so its route enforces.
    const report = reports && at(reports, index);
    const more = {
      ...(rules && { mcp: rules }),
      ...(report && { report }),
      ...(counted && { rateLimits: counted }),
    };
    const route = { path, methods: listed, requirement, upstream, ...more, index };
    return rewriting === undefined ? route : { ...route, ...(upstreamPath && { upstreamPath }), rewriting };
  };
}

function loadTemplates({ paths, upstreams, upstreamPaths }: CompiledRoutes): readonly RouteTemplate[] {
  if (upstreamPaths === undefined) return [];
  return paths.flatMap((path, index) => {
    const [upstream, upstreamPath] = [at(upstreams, index), at(upstreamPaths, index)];
    return upstream && upstreamPath ? [{ path, upstreamPath, upstream }] : [];
  });
}

function prefixedRoutes({ paths, upstreams, upstreamPaths }: CompiledRoutes): readonly (PrefixedRoute | undefined)[] {
  return paths.map((path, index) => {
    const upstream = at(upstreams, index);
    return upstream === undefined || (upstreamPaths && at(upstreamPaths, index)) ? undefined : { path, upstream };
  });
}

type HostsAt = (index: number) => readonly string[] | undefined;

/**
 * The hosts of each route, and a fault for each that is not served, or on which two routes conflict: two variables may have
 * one value. `undefined`: no route names a host.
 */
function loadRouteHosts(
  { hosts, paths, methods }: CompiledRoutes,
  served: ReadonlySet<string> | undefined,
  vars: Readonly<Record<string, unknown>>,
  report: Report,
): HostsAt | undefined {
  if (hosts === undefined) return undefined;
  const loaded = hosts.values.map((written, at) => {
    const path = ["routes", hosts.indices.indexOf(at), "hosts"];
    const filled = substituteVariables(written, vars, path, report) as Salvaged<readonly string[]>;
    return written.length === 0 ? undefined : (compileRouteHosts(filled, served, path, report) ?? []);
  });
  const hostsAt: HostsAt = (index) => loaded[hosts.indices[index] ?? -1];
  const claims = paths.flatMap((path, index) => {
    const own = hostsAt(index);
    if (at(hosts, index) === undefined) reportDamage(index, report);
    return own === undefined ? [] : [{ path, methods: at(methods, index) ?? [], hosts: own, index }];
  });
  reportConflicts(claims, report);
  return hostsAt;
}

/** All routes with their hosts. Reports those that are damaged: without one, a looser route might serve in its place. */
function loadAll({ paths }: CompiledRoutes, routeAt: RouteAt, hostsAt: HostsAt, report: Report): readonly Route[] {
  return paths.flatMap((_, index) => {
    const route = routeAt(index);
    if (route) return [{ ...route, hosts: hostsAt(index) }];
    reportDamage(index, report);
    return [];
  });
}

function reportDamage(index: number, report: Report): void {
  report(["routes", index], "The compiled policy lacks a part of this route.", "Build it again.");
}

/** The value of a route; `undefined`: the compiled policy is damaged. */
function at<Value>({ values, indices }: Column<Value>, index: number): Value | undefined {
  return values[indices[index] ?? -1];
}
