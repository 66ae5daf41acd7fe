import type { Policy, Route, RouteGroup, RouteLookup } from "../../policy/policy.ts";
import { routesOfEveryHost } from "../../policy/routing/host-routes.ts";
import { routeFor } from "../../policy/routing/route-table.ts";
import type { DecisionLine } from "../decisions/decision-line.ts";
import { MAX_REMEMBERED_PLACES } from "../decisions/log-limits.ts";
import { PlaceFinder, usablePath } from "../replay/places.ts";
import { asksFor } from "./asks-for.ts";

type Called = Pick<DecisionLine, "method" | "route" | "path" | "required">;

/**
 * Finds the routes of a policy that serve the request of a line: by its path, if the line has it, otherwise by its
 * pattern. No line has the host, so routes of several hosts may share both.
 *
 * A line without a path may be older than the policy: its pattern is not in the policy, or asked for other scopes. Then
 * each route that serves some path of the pattern now may serve the request. If such calls counted for nothing, a
 * tightened registration would lose scopes that they need.
 */
export class RouteFinder {
  readonly #policy: Policy;
  /** The routes that name no host, then those of each host. */
  readonly #tables: readonly { readonly routes: readonly Route[]; readonly table: RouteLookup | undefined }[];
  readonly #known = new Map<string, readonly Route[]>();
  readonly #places: PlaceFinder;

  constructor(policy: Policy) {
    this.#policy = policy;
    this.#places = new PlaceFinder(policy, undefined);
    const { table, byHost, routes } = policy;
    this.#tables = [{ routes: routesOfEveryHost(routes), table }, ...(byHost?.values() ?? [])];
  }

  /** Empty: no route of this policy serves the request, or nobody can tell. */
  find(line: Called): readonly Route[] {
    const { method, route: pattern, path, required } = line;
    const canonical = usablePath(path);
    if (canonical === undefined && pattern === undefined) return [];
    const key =
      canonical === undefined ? `${method} pattern ${pattern}\n${required?.join(" ")}` : `${method} path ${canonical}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const found = canonical === undefined ? this.#withPattern(pattern ?? "", line) : this.#at(canonical, method);
    // Callers choose paths and, where a route serves all of them, methods.
    if (this.#known.size >= MAX_REMEMBERED_PLACES) this.#known.clear();
    this.#known.set(key, found);
    return found;
  }

  #at(path: string, method: string): readonly Route[] {
    const { byHost, table } = this.#policy;
    const tables = [...(byHost?.values() ?? [])].map((its) => its.table?.match(path) ?? table.match(path));
    return servedBy([...tables, table.match(path)], method);
  }

  #withPattern(pattern: string, { method, required }: Called): readonly Route[] {
    const groups = this.#tables.flatMap(({ routes, table }) => {
      const index = routes.findIndex(({ path }) => path === pattern);
      return index === -1 ? [] : [table?.groupAt(index)];
    });
    // The pattern of a line is that of the route itself. Another route of the same shape may have another text.
    const routes = servedBy(groups, method).filter(({ path }) => path === pattern);
    // What a message requires is not what its route requires.
    const canHaveWritten = routes.some(({ requirement, mcp }) => mcp !== undefined || asksFor(requirement, required));
    return canHaveWritten ? routes : servedBy(this.#places.groupsUnder(pattern) ?? [], method);
  }
}

function servedBy(groups: readonly (RouteGroup | undefined)[], method: string): readonly Route[] {
  const routes = groups.flatMap((group) => (group && routeFor(group, method)) ?? []);
  return [...new Set(routes)];
}
