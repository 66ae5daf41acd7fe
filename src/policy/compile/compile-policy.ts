import { failure, type Result, success } from "../../result.ts";
import type { Fault, Report } from "../fault.ts";
import type { Policy, RateLimit, Route, Upstream } from "../policy.ts";
import { registrationsOf } from "../registrations.ts";
import { haveConditions, testedClaims } from "../requirements/conditions.ts";
import { stepUpsOf } from "../requirements/step-up.ts";
import { hostRoutes, routesOfEveryHost, tableOf } from "../routing/host-routes.ts";
import { parsePathPattern } from "../routing/path-pattern.ts";
import { requirementsOfRoute } from "../routing/requirements-of-route.ts";
import { rewritingOf, templatesOf } from "../routing/rewrite-path.ts";
import { compileHosts } from "./addresses/compile-hosts.ts";
import { compilePublicUrl } from "./addresses/compile-public-url.ts";
import { compileRouteHosts } from "./addresses/compile-route-hosts.ts";
import { checkEvidenceClaims } from "./authentication/check-evidence-claims.ts";
import { compileAcrSettings } from "./authentication/compile-acr-settings.ts";
import { checkHeaderNames } from "./check-header-names.ts";
import { checkMethods } from "./check-methods.ts";
import { compileClientNames } from "./clients/compile-client-names.ts";
import { compileClaimHeaders } from "./compile-claim-headers.ts";
import { compileClients } from "./compile-clients.ts";
import { compileCors } from "./compile-cors.ts";
import { compileGrants } from "./compile-grants.ts";
import { compileGuarantees } from "./compile-guarantees.ts";
import { compileIssuers } from "./compile-issuers.ts";
import { compileResources, declareResources } from "./compile-resources.ts";
import { compileUpstreams } from "./compile-upstreams.ts";
import { checkConditionClaims } from "./conditions/check-condition-claims.ts";
import { declareScopes } from "./declare-scopes.ts";
import { compileMtls } from "./issuers/compile-binding.ts";
import { compileDpop } from "./issuers/compile-dpop.ts";
import { TENANCY } from "./issuers/compile-tenants.ts";
import { compileMcp, httpMethodsOf } from "./mcp/compile-mcp.ts";
import { declareMcpResources } from "./mcp/declare-mcp-resources.ts";
import { namedUpstream } from "./named-upstream.ts";
import { compileRateLimits } from "./rate-limits/compile-rate-limits.ts";
import { compileRouteLimits } from "./rate-limits/compile-route-limits.ts";
import { usedLimits } from "./rate-limits/used-limits.ts";
import { compileReport } from "./report/compile-report.ts";
import { type RouteClaim, reportConflicts } from "./report-conflicts.ts";
import { RequirementCompiler } from "./requirement-compiler.ts";
import { compileRevocation } from "./revocation/compile-revocation.ts";
import type { PolicyConfig } from "./schema/config-schema.ts";
import { compileShadowFile } from "./shadow/compile-shadow-file.ts";
import { compileTelemetry } from "./telemetry/compile-telemetry.ts";
import { compileAssertion } from "./upstreams/compile-assertion.ts";
import { compileOwnHeaders } from "./upstreams/compile-own-headers.ts";
import { compileUpstreamPath } from "./upstreams/compile-upstream-path.ts";
import { checkStripPrefixes, compileStripPrefix, type PrefixedRoute } from "./upstreams/strip-prefix.ts";
import { type Salvaged, validatePolicyConfig } from "./validate-policy-config.ts";

/**
 * Compiles a parsed `routes.json`, or returns every fault in it. A part that depends on a faulty part is skipped, so
 * that no fault is reported twice. Takes any JSON value and never throws.
 *
 * Looks at nothing outside the file: whether an issuer answers, a binding exists or a user pool has these scopes is not
 * checked.
 *
 * @param config the parsed file
 * @param vars the Worker's vars; only strings can be put in for a variable
 */
export function compilePolicy(
  config: unknown,
  vars: Readonly<Record<string, unknown>>,
): Result<Policy, readonly Fault[]> {
  const faults: Fault[] = [];
  const report: Report = (path, message, hint) => faults.push({ path, message, hint });
  const salvaged = validatePolicyConfig(config, vars, report);
  if (salvaged === undefined) return failure(faults);

  const declared = declareScopes(salvaged, report);
  const issuers = compileIssuers(salvaged.issuers, compileGrants(salvaged.issuers, declared, report), report, {
    tenancy: TENANCY,
    compileAcrSettings,
  });
  const clients = compileClients(salvaged, declared, report);
  const clientNames = compileClientNames(salvaged, report);
  const upstreams = compileUpstreams(salvaged.upstreams, report, { compileOwnHeaders, compileStripPrefix });
  const hasTenants = Object.values(salvaged.issuers ?? {}).some((it) => it && Object.hasOwn(it, "tenants"));
  const claimHeaders = compileClaimHeaders(salvaged.claimHeaders, hasTenants, report);
  checkHeaderNames(salvaged.upstreams, claimHeaders, report);
  const assertion = compileAssertion(salvaged, issuers, report);
  const hosts = compileHosts(salvaged.hosts, report);
  const publicUrl = compilePublicUrl(salvaged.publicUrl, report);
  const cors = salvaged.cors && compileCors(salvaged.cors, report);
  const telemetry = salvaged.telemetry && compileTelemetry(salvaged.telemetry, report);
  const dpop = compileDpop(salvaged, issuers.values(), report);
  const mtls = salvaged.mtls && compileMtls(salvaged.mtls);
  const revocation = salvaged.revocation && compileRevocation(salvaged.revocation, report);
  const shadow = compileShadowFile(salvaged.shadow, report);
  const rateLimits = compileRateLimits(salvaged.rateLimits, report);
  const requirements = new RequirementCompiler(salvaged, declared, report);
  const routes = compileRoutes(salvaged, { requirements, upstreams, hosts, rateLimits }, report);
  const resources = declareMcpResources(declareResources(salvaged.resources, report), routes, report);
  const guarantees = compileGuarantees(salvaged, { requirements, clients, upstreams, hosts }, report);
  checkConditionClaims(requirements.conditionUses, issuers.values(), report);
  const required = [...new Set(routes.flatMap(requirementsOfRoute))];
  const stepUps = stepUpsOf(required);
  const asksForAuthentication = stepUps.length > 0;
  for (const { claim } of guarantees) if (claim.kind === "authentication") stepUps.push(claim.authentication);
  checkEvidenceClaims(stepUps, requirements.conditionUses, issuers.values(), report);
  if (faults.length > 0) return failure(faults);

  const served = {
    hosts,
    issuers,
    scopes: declared.table,
    resources: compileResources(resources, routes, declared, [...issuers.values()]),
  };
  return success({
    ...served,
    realm: salvaged.realm ?? "scopegate",
    publicUrl,
    cors,
    resourceServers: declared.resourceServers,
    clients,
    ...(clientNames && { clientNames }),
    registrations: registrationsOf(clients.values()),
    upstreams,
    testedClaims: testedClaims(required),
    claimHeaders,
    ...(assertion && { assertion }),
    routes,
    table: tableOf(routesOfEveryHost(routes)),
    byHost: hostRoutes(served, routes),
    templates: templatesOf(routes),
    ...(dpop && { dpop }),
    ...(mtls && { mtls }),
    ...(haveConditions(required) && { hasConditions: true }),
    ...(asksForAuthentication && { asksForAuthentication: true }),
    ...(routes.some((route) => route.report) && { hasReports: true }),
    ...(telemetry && { telemetry }),
    ...(revocation && { revocation }),
    ...(shadow !== undefined && { shadow }),
    ...(routes.some(({ mcp }) => mcp) && { hasMessages: true }),
    ...usedLimits(rateLimits, routes),
    guarantees,
  });
}

/** The compiled parts of the file that routes refer to. */
interface RouteParts {
  readonly requirements: RequirementCompiler;
  readonly upstreams: ReadonlyMap<string, Upstream>;
  readonly hosts: ReadonlySet<string> | undefined;
  readonly rateLimits: ReadonlyMap<string, RateLimit>;
}

function compileRoutes(
  config: Salvaged<PolicyConfig>,
  { requirements, upstreams, hosts: served, rateLimits: limits }: RouteParts,
  report: Report,
): readonly Route[] {
  const areHostsFaulty = Object.hasOwn(config, "hosts") && config.hosts === undefined;
  const claims: RouteClaim[] = [];
  const routes: Route[] = [];
  for (const [index, route] of (config.routes ?? []).entries()) {
    if (route === undefined) continue;
    const path = ["routes", index];
    const pattern = checkPattern(route.path, [...path, "path"], report);
    const isMcp = Object.hasOwn(route, "mcp");
    const { methods = [] } = isMcp ? { methods: httpMethodsOf(route.mcp ?? {}) } : route;
    if (!isMcp) checkMethods(methods, [...path, "methods"], report);
    const hosts = areHostsFaulty ? undefined : compileRouteHosts(route.hosts, served, [...path, "hosts"], report);
    if (pattern !== undefined) claims.push({ path: pattern, methods, hosts, index, ...(isMcp && { isMcp }) });
    const known = pattern === undefined ? { ...route, path: pattern } : route;
    const own = isMcp ? undefined : requirements.compile(known, path);
    const upstream = namedUpstream(route.upstream, [...path, "upstream"], config, upstreams, report);
    const mcp = isMcp ? compileMcp(known, path, { requirements, upstream }, report) : undefined;
    const requirement = own ?? mcp?.requirement;
    const upstreamPath = compileUpstreamPath(route.upstreamPath, pattern, [...path, "upstreamPath"], report);
    const reporting = compileReport(route, path, report);
    const limitsAt = [...path, "rateLimit"];
    const rateLimits = compileRouteLimits(route.rateLimit, requirement, limitsAt, config, limits, report);
    if (pattern === undefined || !requirement || !upstream) continue;
    // Nearly all lists are whole, and `filter` would make room for many more methods.
    const listed = isWhole(methods) ? methods : methods.filter((method) => method !== undefined);
    const rewriting = rewritingOf(pattern, upstreamPath, upstream.stripPrefix);
    const more = {
      ...(hosts && { hosts }),
      ...(upstreamPath !== undefined && { upstreamPath }),
      ...(rewriting && { rewriting }),
      ...(rateLimits && { rateLimits }),
      ...(mcp && { mcp: mcp.rules }),
      ...(reporting && { report: reporting }),
    };
    routes.push({ path: pattern, methods: listed, requirement, upstream, ...more, index });
  }
  const strips = [...upstreams.values()].some(({ stripPrefix }) => stripPrefix !== undefined);
  if (strips) checkStripPrefixes(upstreams, prefixedRoutes(config), report);
  reportConflicts(claims, report);
  reportMissingIssuers(config, report);
  return routes;
}

/** What `checkStripPrefixes` compares. A route with a faulty member has a fault of its own. */
function prefixedRoutes({ routes = [] }: Salvaged<PolicyConfig>): readonly (PrefixedRoute | undefined)[] {
  return routes.map((route) => {
    if (route === undefined) return undefined;
    const { path, upstream } = route;
    const isReadable = path !== undefined && upstream !== undefined && parsePathPattern(path).ok;
    return isReadable && !Object.hasOwn(route, "upstreamPath") ? { path, upstream } : undefined;
  });
}

function isWhole<Item>(list: readonly (Item | undefined)[]): list is readonly Item[] {
  return list.every((item) => item !== undefined);
}

/** The pattern at `path`, or `undefined` once its fault is reported. */
function checkPattern(pattern: string | undefined, path: Fault["path"], report: Report): string | undefined {
  if (pattern === undefined) return undefined;
  const segments = parsePathPattern(pattern);
  if (segments.ok) return pattern;
  report(path, segments.failure.message, segments.failure.hint);
  return undefined;
}

/** A route with one of these members reads tokens. */
const READING_TOKENS = ["scopes", "authenticated", "optional", "mcp"] as const;

function reportMissingIssuers(config: Salvaged<PolicyConfig>, report: Report): void {
  const isFaulty = Object.hasOwn(config, "issuers") && config.issuers === undefined;
  if (isFaulty || Object.keys(config.issuers ?? {}).length > 0) return;
  const needing = (config.routes ?? []).findIndex(
    (route) => route !== undefined && READING_TOKENS.some((member) => Object.hasOwn(route, member)),
  );
  const route = config.routes?.[needing];
  if (route === undefined) return;
  report(
    ["issuers"],
    `routes[${needing}] ${Object.hasOwn(route, "optional") ? "takes" : "needs"} a token, but there is no issuer.`,
    "Add an issuer: without one, no token is valid.",
  );
}
