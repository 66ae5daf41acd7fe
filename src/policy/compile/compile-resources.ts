import { acceptsIssuer } from "../authorize.ts";
import type { Fault, Report } from "../fault.ts";
import type { Issuer, ProtectedResource, Route, ScopeTable } from "../policy.ts";
import { isPrefix, resourceOf, segmentsOf } from "../resource-of.ts";
import { parsePathPattern } from "../routing/path-pattern.ts";
import { mayGrant } from "../scopes.ts";
import type { DeclaredScopes } from "./declare-scopes.ts";
import type { PolicyConfig } from "./schema/config-schema.ts";
import type { Salvaged } from "./validate-policy-config.ts";

type ResourcesConfig = Salvaged<PolicyConfig>["resources"];

/** A resource as declared, before its routes are known. */
type DeclaredResource = Pick<ProtectedResource, "path" | "name">;

/** Checks `resources` and returns those without a fault. Does not look at routes: see `compileResources`. */
export function declareResources(configs: ResourcesConfig, report: Report): readonly DeclaredResource[] {
  const declared: DeclaredResource[] = [];
  /** The path as written, by its decoded form. */
  const seen = new Map<string, string>();
  for (const [path, config] of Object.entries(configs ?? {})) {
    // The schema has reported an empty name.
    if (path === "" || !checkPath(path, ["resources", path], report)) continue;
    const decoded = decodeURIComponent(path);
    const twin = seen.get(decoded);
    if (twin !== undefined) {
      report(["resources", path], `This is the same path as \`${twin}\`.`, "Remove one of them.");
    }
    seen.set(decoded, path);
    declared.push({ path: path === "/" ? "" : path, name: config?.name });
  }
  return declared;
}

function checkPath(path: string, place: Fault["path"], report: Report): boolean {
  const segments = parsePathPattern(path);
  if (!segments.ok) {
    report(place, segments.failure.message, segments.failure.hint);
    return false;
  }
  const variable = segments.value.findIndex(({ kind }) => kind !== "literal");
  if (variable === -1) return true;
  const before = `/${path
    .split("/")
    .slice(1, variable + 1)
    .join("/")}`;
  report(place, "The path has a parameter or a `*`.", `Write one path, such as \`${before}\`: it covers all beneath.`);
  return false;
}

/**
 * The protected resources with what follows from their routes, the longest path first. The origin is one of them if it
 * is declared, or if some route belongs to no declared resource. An undeclared origin has the name of the only resource
 * server, if there is only one.
 */
export function compileResources(
  declared: readonly DeclaredResource[],
  routes: readonly Route[],
  { table, resourceServers }: Pick<DeclaredScopes, "table" | "resourceServers">,
  issuers: readonly Issuer[],
): ReadonlyMap<string, ProtectedResource> {
  const prefixes = declared.map(({ path }) => segmentsOf(path));
  const isOriginNeeded = routes.some((route) => {
    const segments = segmentsOf(route.path);
    return !prefixes.some((prefix) => isPrefix(prefix, segments));
  });
  const [server, ...others] = resourceServers.values();
  const origin = { path: "", name: others.length === 0 ? server?.name : undefined };
  const all = isOriginNeeded ? [...declared, origin] : declared;
  const empty = all
    .toSorted(byLength)
    .map(({ path, name }): ProtectedResource => ({ path, name, scopes: [], acceptsTokens: false }));
  const resources = new Map(empty.map((resource) => [resource.path, resource]));
  const routesOf = Map.groupBy(routes, (route) => resourceOf(resources, route.path));
  const names = issuers.map(({ name }) => name);
  return new Map(
    empty.map((resource) => [resource.path, withRoutes(resource, routesOf.get(resource) ?? [], table, names)]),
  );
}

/** More segments first. Of as many, a trailing slash comes last: it covers what the others name. */
function byLength(one: DeclaredResource, other: DeclaredResource): number {
  const slashes = ({ path }: DeclaredResource): number => path.split("/").length;
  return slashes(other) - slashes(one) || Number(one.path.endsWith("/")) - Number(other.path.endsWith("/"));
}

/** @param known the names of all issuers */
function withRoutes(
  resource: ProtectedResource,
  routes: readonly Route[],
  scopes: ScopeTable,
  known: readonly string[],
): ProtectedResource {
  const mentioned = new Set<string>();
  // Many routes share a requirement, which may mention thousands of scopes.
  const requirements = [...new Set(routes.map(({ requirement }) => requirement))].filter((it) => it.kind !== "public");
  for (const requirement of requirements) {
    if (requirement.kind !== "scopes") continue;
    const accepted = known.filter((issuer) => acceptsIssuer(requirement, issuer));
    const isGrantable = (name: string): boolean => accepted.some((issuer) => mayGrant(scopes, issuer, name));
    for (const name of requirement.mentioned) if (isGrantable(name)) mentioned.add(name);
  }
  const isRestricted = requirements.length > 0 && requirements.every((it) => it.issuers);
  const issuers = known.filter((issuer) => requirements.some((it) => acceptsIssuer(it, issuer))).sort();
  return {
    ...resource,
    scopes: [...scopes.byFullName.keys()].filter((name) => mentioned.has(name)),
    acceptsTokens: requirements.length > 0,
    ...(isRestricted && { issuers }),
  };
}
