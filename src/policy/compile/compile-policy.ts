import { parseSafeUrl } from "../../http/safe-url.ts";
import { unreachableScopes } from "../analysis/lint/unreachable-scopes.ts";
import type { Fault, Report } from "../fault.ts";
import type { Policy, Route, Upstream } from "../policy.ts";
import { parsePathPattern } from "../routing/path-pattern.ts";
import { RouteTable } from "../routing/route-table.ts";
import { compileClaimHeaders } from "./claim-headers.ts";
import { compileClients } from "./clients.ts";
import { compileCors } from "./cors.ts";
import { type DeclaredScopes, declareScopes } from "./declared-scopes.ts";
import { compileGuarantees } from "./guarantees.ts";
import { compileIssuers } from "./issuers.ts";
import { checkMethods } from "./methods.ts";
import { RequirementCompiler } from "./requirements.ts";
import { type RouteClaim, reportConflicts } from "./route-conflicts.ts";
import type { PolicyConfig, RouteConfig } from "./schema/config-schema.ts";
import { type Salvaged, validatePolicyConfig } from "./schema/validate.ts";
import { compileUpstreams, namedUpstream } from "./upstreams.ts";

/** A policy that may serve, with what is odd but not wrong about it; or all that is wrong. */
export type Compilation =
  | { readonly policy: Policy; readonly warnings: readonly Fault[] }
  | { readonly faults: readonly Fault[] };

/**
 * Compiles a parsed `routes.json`. Every fault is reported, not just the first, whatever else is wrong with the file;
 * what depends on a faulty part is passed over rather than reported again. Takes any JSON value and never throws.
 *
 * `vars` are the Worker's vars; only strings count. Nothing outside the file is looked at: whether an issuer answers, a
 * binding exists or a pool has these scopes is not checked.
 */
export function compilePolicy(file: unknown, vars: Readonly<Record<string, unknown>>): Compilation {
  const faults: Fault[] = [];
  const report: Report = (path, message, hint) => faults.push({ path, message, hint });
  const readable = validatePolicyConfig(file, vars, report);
  if (readable === undefined) return { faults };

  const issuers = compileIssuers(readable.issuers, report);
  const declared = declareScopes(readable.resourceServers, Object.hasOwn(readable, "resourceServers"), report);
  const clients = compileClients(readable.clients, declared, report);
  const upstreams = compileUpstreams(readable.upstreams, report);
  const claimHeaders = compileClaimHeaders(readable.claimHeaders, report);
  const publicUrl = compilePublicUrl(readable.publicUrl, report);
  const cors = readable.cors && compileCors(readable.cors, report);
  const routes = compileRoutes(readable, declared, upstreams, report);
  const guarantees = compileGuarantees(readable, { declared, clients, upstreams }, report);
  if (faults.length > 0) return { faults };

  const table = new RouteTable(
    routes.map(({ path }) => path),
    (index) => routes[index],
  );
  const policy: Policy = {
    realm: readable.realm ?? "scopegate",
    publicUrl,
    cors,
    issuers,
    resourceServers: declared.resourceServers,
    scopes: declared.table,
    clients,
    upstreams,
    claimHeaders,
    routes,
    table,
    guarantees,
  };
  return { policy, warnings: unreachableScopes(policy) };
}

function compilePublicUrl(text: string | undefined, report: Report): string | undefined {
  if (text === undefined) return undefined;
  const url = parseSafeUrl(text);
  if (url.ok && url.value.href === `${url.value.origin}/` && !/[?#]/.test(text)) return url.value.origin;
  const { message } = url.ok ? { message: "This is more than an origin." } : url.failure;
  report(["publicUrl"], message, "For example: https://api.example.");
  return undefined;
}

function compileRoutes(
  file: Salvaged<PolicyConfig>,
  declared: DeclaredScopes,
  upstreams: ReadonlyMap<string, Upstream>,
  report: Report,
): readonly Route[] {
  const requirements = new RequirementCompiler(declared, report);
  const claims: RouteClaim[] = [];
  const routes: Route[] = [];
  for (const [index, route] of (file.routes ?? []).entries()) {
    if (route === undefined) continue;
    const path = ["routes", index];
    const segments = compilePattern(route, path, report);
    const { methods = [] } = route;
    checkMethods(methods, [...path, "methods"], report);
    if (route.path !== undefined && segments) claims.push({ path: route.path, segments, methods, index });
    const requirement = requirements.compile(route, path);
    const upstream = namedUpstream(route.upstream, [...path, "upstream"], file.upstreams, upstreams, report);
    if (route.path === undefined || !segments || !requirement || !upstream) continue;
    const listed = methods.filter((method) => method !== undefined);
    routes.push({ path: route.path, methods: listed, requirement, upstream, index });
  }
  reportConflicts(claims, report);
  reportMissingIssuers(file, report);
  return routes;
}

function compilePattern(route: Salvaged<RouteConfig>, path: Fault["path"], report: Report) {
  if (route.path === undefined) return undefined;
  const segments = parsePathPattern(route.path);
  if (segments.ok) return segments.value;
  report([...path, "path"], segments.failure.message, segments.failure.hint);
  return undefined;
}

function reportMissingIssuers(file: Salvaged<PolicyConfig>, report: Report): void {
  const unread = Object.hasOwn(file, "issuers") && file.issuers === undefined;
  if (unread || Object.keys(file.issuers ?? {}).length > 0) return;
  const needing = (file.routes ?? []).findIndex(
    (route) => route !== undefined && (Object.hasOwn(route, "scopes") || Object.hasOwn(route, "authenticated")),
  );
  if (needing === -1) return;
  report(
    ["issuers"],
    `There is no issuer, but routes[${needing}] needs a token.`,
    "Add one, or no token is ever valid.",
  );
}
