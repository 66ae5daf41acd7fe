import type { Fault, Report } from "../fault.ts";
import type { Issuer, ProtectedResource, Route } from "../policy.ts";
import { isPrefix, segmentsOf } from "../resource-of.ts";
import { parsePathPattern } from "../routing/path-pattern.ts";
import { requirementsOf, withRequirements } from "../routing/resource-requirements.ts";
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
  const required = requirementsOf(resources, routes);
  const names = issuers.map(({ name }) => name);
  return new Map(
    empty.map((resource) => [resource.path, withRequirements(resource, required.get(resource) ?? [], table, names)]),
  );
}

/** More segments first. Of as many, a trailing slash comes last: it covers what the others name. */
function byLength(one: DeclaredResource, other: DeclaredResource): number {
  const slashes = ({ path }: DeclaredResource): number => path.split("/").length;
  return slashes(other) - slashes(one) || Number(one.path.endsWith("/")) - Number(other.path.endsWith("/"));
}
