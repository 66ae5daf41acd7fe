import { allowedOrigins } from "../../http/allowed-origins.ts";
import { failure, type Result, success } from "../../result.ts";
import { compileHosts } from "../compile/addresses/compile-hosts.ts";
import { compilePublicUrl } from "../compile/addresses/compile-public-url.ts";
import { compileIssuers } from "../compile/compile-issuers.ts";
import { compileUpstreams } from "../compile/compile-upstreams.ts";
import { checkProofsCovered } from "../compile/issuers/compile-dpop.ts";
import { substituteVariables } from "../compile/substitute-variables.ts";
import type { PrefixedRoute } from "../compile/upstreams/strip-prefix.ts";
import type { Salvaged } from "../compile/validate-policy-config.ts";
import { absentModule, type Fault, type Report } from "../fault.ts";
import type { Issuer, Route, RouteTemplate, ServedPolicy, Upstream } from "../policy.ts";
import { registrationsOf } from "../registrations.ts";
import { haveConditions } from "../requirements/conditions.ts";
import { stepUpsOf } from "../requirements/step-up.ts";
import { rewritingOf } from "../routing/rewrite-path.ts";
import { RouteTable } from "../routing/route-table.ts";
import { scopeTable } from "../scopes.ts";
import { at } from "./column.ts";
import type { CompiledPolicy, CompiledRoutes } from "./compiled-policy.ts";
import type { loadMcp } from "./mcp-form.ts";
import type { OptionalModules } from "./optional-modules.ts";

/**
 * Makes a compiled policy ready to serve, or returns every fault that the Worker's vars bring in. The parts that may
 * contain variables are compiled here. Routes are put together when they are first asked for; a
 * damaged one throws then.
 *
 * @param vars the Worker's vars; only strings can be put in for a variable
 * @param modules a part without its module is a fault
 */
export function loadCompiledPolicy(
  compiled: CompiledPolicy,
  vars: Readonly<Record<string, unknown>>,
  modules: OptionalModules = {},
): Result<ServedPolicy, readonly Fault[]> {
  const faults: Fault[] = [];
  const report: Report = (path, message, hint) => faults.push({ path, message, hint });
  const fill = <Part>(part: Part, name: string) => substituteVariables(part, vars, [name], report) as Salvaged<Part>;
  /** The module if the policy uses it. It may hold a check, so its absence is a fault. */
  const moduleFor = <Name extends keyof OptionalModules>(name: Name, isUsed: boolean): OptionalModules[Name] => {
    if (!isUsed) return undefined;
    if (modules[name] === undefined) faults.push(absentModule(name));
    return modules[name];
  };
  const requirements = compiled.routes.requirements.values;
  const configs = Object.values(compiled.upstreams);
  const conditions = moduleFor("conditions", haveConditions(requirements));
  const stepUps = stepUpsOf(requirements);
  const stepUp = moduleFor("step-up", stepUps.length > 0);
  const ownHeaders = moduleFor("own-headers", configs.some(namesHeaders));
  const stripPrefix = moduleFor(
    "strip-prefix",
    configs.some((upstream) => upstream.stripPrefix !== undefined),
  );
  const issuers = compileIssuers(fill(compiled.issuers, "issuers"), loadGrants(compiled.grants), report, {
    tenancy: modules.tenants,
    // Where no route asks how its callers authenticated, nothing reads these settings.
    compileAcrSettings: stepUp?.compile,
  });
  // A variable can make an issuer accept DPoP.
  if (compiled.dpop === undefined) checkProofsCovered(issuers.values(), report);
  const upstreamConfigs = fill(compiled.upstreams, "upstreams");
  const upstreams = compileUpstreams(upstreamConfigs, report, {
    compileOwnHeaders: ownHeaders?.compile,
    compileStripPrefix: stripPrefix?.compile,
  });
  ownHeaders?.check(upstreamConfigs, compiled.claimHeaders, report);
  const assertion =
    compiled.assertion &&
    moduleFor("assertion", true)?.compile(
      { assertion: fill(compiled.assertion, "assertion"), upstreams: upstreamConfigs },
      issuers,
      report,
    );
  const mcp = moduleFor("mcp", compiled.routes.mcp !== undefined);
  const hosts = compileHosts(fill(compiled.hosts, "hosts"), report);
  const publicUrl = compilePublicUrl(fill(compiled.publicUrl, "publicUrl"), report);
  const uses = conditions?.usesOf(requirements) ?? [];
  conditions?.check(uses, issuers.values(), report);
  stepUp?.check(stepUps, uses, issuers.values(), report);
  const hostColumn = compiled.routes.hosts;
  const routeHosts = moduleFor("route-hosts", hostColumn !== undefined);
  const hostsAt = hostColumn && routeHosts?.load(hostColumn, compiled.routes, hosts, vars, report);
  // Only a prefix with a variable can be another one than the build has checked.
  if (configs.some((upstream) => upstream.stripPrefix?.includes("${"))) {
    stripPrefix?.check(upstreams, prefixedRoutes(compiled.routes), report);
  }
  if (faults.length > 0) return failure(faults);
  const { realm, cors, claimHeaders, dpop, mtls, telemetry, revocation, shadow } = compiled;
  const rateLimits = compiled.routes.rateLimits?.values.flatMap((limits) => limits ?? []);
  const scopes = scopeTable(compiled.scopes, compiled.resourceServers);
  const resources = new Map(compiled.resources.map((resource) => [resource.path, resource]));
  const routeAt = loadRoutes(compiled.routes, upstreams, mcp?.load);
  // Only where routes name hosts are all of them put together at the start.
  const hosted =
    hostsAt && routeHosts?.loadRoutes(compiled.routes, routeAt, hostsAt, { hosts, resources, scopes, issuers }, report);
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
    testedClaims: conditions?.testedClaims(requirements) ?? [],
    claimHeaders,
    ...(assertion && { assertion }),
    table: hosted?.table ?? new RouteTable(compiled.routes.paths, routeAt),
    byHost: hosted?.byHost,
    templates: loadTemplates(compiled.routes),
    ...(dpop && { dpop }),
    ...(mtls && { mtls }),
    ...(conditions && { hasConditions: true }),
    ...(stepUps.length > 0 && { asksForAuthentication: true }),
    ...(compiled.routes.reports && { hasReports: true }),
    ...(telemetry && { telemetry }),
    ...(revocation && { revocation }),
    ...(shadow && { shadow: shadow.file }),
    ...(compiled.routes.mcp && { hasMessages: true }),
    ...(rateLimits && { rateLimits }),
  });
}

/** Whether an upstream gets headers of its own, or headers of callers with other names than most upstreams get. */
function namesHeaders({ headers = {}, allowHeaderNames = [] }: CompiledPolicy["upstreams"][string]): boolean {
  return Object.keys(headers).length > 0 || allowHeaderNames.length > 0;
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
  load: typeof loadMcp | undefined,
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
