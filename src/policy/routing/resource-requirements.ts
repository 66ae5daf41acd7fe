import { acceptsIssuer } from "../authorize.ts";
import type { ProtectedResource, Requirement, Route, ScopeTable } from "../policy.ts";
import { resourceOf } from "../resource-of.ts";
import { mayGrant } from "../scopes.ts";
import { requirementsOfRoute } from "./requirements-of-route.ts";

/** The requirements of the routes of each protected resource, each once: many routes share a requirement. */
export function requirementsOf(
  resources: ReadonlyMap<string, ProtectedResource>,
  routes: readonly Route[],
): ReadonlyMap<ProtectedResource, ReadonlySet<Requirement>> {
  const required = new Map<ProtectedResource, Set<Requirement>>();
  for (const route of routes) {
    const resource = resourceOf(resources, route.path);
    const known = required.get(resource) ?? new Set();
    required.set(resource, known);
    for (const requirement of requirementsOfRoute(route)) known.add(requirement);
  }
  return required;
}

/**
 * A protected resource with what follows from the requirements of its routes.
 *
 * @param known the names of all issuers
 */
export function withRequirements(
  { path, name }: Pick<ProtectedResource, "path" | "name">,
  all: Iterable<Requirement>,
  scopes: ScopeTable,
  known: readonly string[],
): ProtectedResource {
  const mentioned = new Set<string>();
  // A requirement may mention thousands of scopes.
  const requirements = Array.from(all).filter((it) => it.kind !== "public");
  for (const requirement of requirements) {
    if (requirement.kind !== "scopes") continue;
    const accepted = known.filter((issuer) => acceptsIssuer(requirement, issuer));
    const isGrantable = (name: string): boolean => accepted.some((issuer) => mayGrant(scopes, issuer, name));
    for (const name of requirement.mentioned) if (isGrantable(name)) mentioned.add(name);
  }
  const isRestricted = requirements.length > 0 && requirements.every((it) => it.issuers);
  const issuers = known.filter((issuer) => requirements.some((it) => acceptsIssuer(it, issuer))).sort();
  return {
    path,
    name,
    scopes: [...scopes.byFullName.keys()].filter((name) => mentioned.has(name)),
    acceptsTokens: requirements.length > 0,
    ...(isRestricted && { issuers }),
  };
}
