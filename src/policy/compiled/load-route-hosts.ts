import { compileRouteHosts } from "../compile/addresses/compile-route-hosts.ts";
import { reportConflicts } from "../compile/report-conflicts.ts";
import { substituteVariables } from "../compile/substitute-variables.ts";
import type { Salvaged } from "../compile/validate-policy-config.ts";
import type { Report } from "../fault.ts";
import type { Route, ServedPolicy } from "../policy.ts";
import { hostRoutes, routesOfEveryHost, tableOf } from "../routing/host-routes.ts";
import { at } from "./column.ts";
import type { Column, CompiledRoutes } from "./compiled-policy.ts";

/** The hosts of a route; `undefined`: it names none. */
export type HostsAt = (index: number) => readonly string[] | undefined;

/**
 * The hosts of each route, and a fault for each that is not served, or on which two routes conflict: two variables may
 * have one value.
 */
export function loadRouteHosts(
  hosts: Column<readonly string[]>,
  { paths, methods }: Pick<CompiledRoutes, "paths" | "methods">,
  served: ReadonlySet<string> | undefined,
  vars: Readonly<Record<string, unknown>>,
  report: Report,
): HostsAt {
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

/**
 * Puts all routes together, with their hosts. Reports those that are damaged: without one, a looser route might serve
 * in its place.
 */
export function loadHostedRoutes(
  { paths }: Pick<CompiledRoutes, "paths">,
  routeAt: (index: number) => Route | undefined,
  hostsAt: HostsAt,
  served: Pick<ServedPolicy, "hosts" | "resources" | "scopes" | "issuers">,
  report: Report,
): Pick<ServedPolicy, "table" | "byHost"> {
  const routes = paths.flatMap((_, index) => {
    const route = routeAt(index);
    if (route) return [{ ...route, hosts: hostsAt(index) }];
    reportDamage(index, report);
    return [];
  });
  return { table: tableOf(routesOfEveryHost(routes)), byHost: hostRoutes(served, routes) };
}

function reportDamage(index: number, report: Report): void {
  report(["routes", index], "The compiled policy lacks a part of this route.", "Build it again.");
}
