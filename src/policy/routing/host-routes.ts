import type { HostRoutes, ProtectedResource, Requirement, Route, ServedPolicy } from "../policy.ts";
import { requirementsOf, withRequirements } from "./resource-requirements.ts";
import { RouteTable } from "./route-table.ts";

/** The table of some routes. No two of them may claim one method on one path shape. */
export function tableOf(routes: readonly Route[]): RouteTable {
  return new RouteTable(
    routes.map(({ path }) => path),
    (index) => routes[index],
  );
}

/** The routes that name no host. */
export function routesOfEveryHost(routes: readonly Route[]): readonly Route[] {
  return routes.filter(({ hosts }) => hosts === undefined);
}

/** What each served host has of its own. `undefined` if no route names a host. */
export function hostRoutes(
  { hosts, resources, scopes, issuers }: Pick<ServedPolicy, "hosts" | "resources" | "scopes" | "issuers">,
  routes: readonly Route[],
): ServedPolicy["byHost"] {
  const own = new Map(Array.from(hosts ?? [], (host): [string, Route[]] => [host, []]));
  for (const route of routes) for (const host of route.hosts ?? []) own.get(host)?.push(route);
  if (own.values().every(({ length }) => length === 0)) return undefined;
  const everywhere = requirementsOf(resources, routesOfEveryHost(routes));
  const names = [...issuers.values()].map(({ name }) => name);
  const resourceWith = (resource: ProtectedResource, required: ReadonlySet<Requirement>) =>
    withRequirements(resource, required, scopes, names);
  // Many hosts have no route of their own for a resource. They share it.
  const shared = new Map(Array.from(everywhere, ([it, required]) => [it, resourceWith(it, required)]));
  return new Map(
    Array.from(own, ([host, of]): [string, HostRoutes] => {
      const required = requirementsOf(resources, of);
      const all = Array.from(resources.values()).flatMap((resource) => {
        const here = required.get(resource);
        if (here === undefined) return shared.get(resource) ?? [];
        return resourceWith(resource, here.union(everywhere.get(resource) ?? new Set()));
      });
      const table = of.length === 0 ? undefined : tableOf(of);
      return [host, { routes: of, table, resources: new Map(all.map((resource) => [resource.path, resource])) }];
    }),
  );
}
