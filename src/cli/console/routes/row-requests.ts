import { STANDARD_METHODS } from "../../../http/methods.ts";
import { HostAxis } from "../../../policy/analysis/host-classes.ts";
import type { Message } from "../../../policy/analysis/messages/message.ts";
import { messageClasses } from "../../../policy/analysis/messages/message-classes.ts";
import { matrixRowsOf, POST } from "../../../policy/analysis/messages/route-rows.ts";
import { pathClasses } from "../../../policy/analysis/paths/path-classes.ts";
import { routeTree } from "../../../policy/analysis/route-tree.ts";
import type { Policy, Route, RouteGroup } from "../../../policy/policy.ts";
import { routeFor } from "../../../policy/routing/route-table.ts";

/** A request that a row of the matrix decides. */
export interface RowRequest {
  readonly method: string;
  /** In canonical form. */
  readonly path: string;
  /** Left out: no route names a host, or any host that no route names. */
  readonly host?: string;
  /** The MCP message. Left out: the request is none. */
  readonly mcp?: Message;
}

/**
 * One request for each row of `accessMatrix`, in its order. `undefined`: no request is decided by the row, because
 * other routes or entries take all that it matches; or the row is for messages that no entry lists.
 */
export function rowRequests(policy: Policy): readonly (RowRequest | undefined)[] {
  const places = placesOf(policy);
  return policy.routes.flatMap((route): readonly (RowRequest | undefined)[] => {
    const place = places.get(route);
    const rows = matrixRowsOf(route);
    if (place === undefined) return rows.map(() => undefined);
    const { group, ...rest } = place;
    if (route.mcp === undefined) {
      const method = methodTo(route, group, route.methods);
      return [method === undefined ? undefined : { method, ...rest }];
    }
    const messages = new Map(messageClasses([route.mcp]).map((it) => [textOf(it.pattern), it.message]));
    return rows.map(({ methods, mcp }): RowRequest | undefined => {
      const [method] = methods;
      if (method === undefined) return undefined;
      // A request without a message is refused, so it shows nothing of the messages that no entry lists.
      if (mcp === undefined) return methods === POST ? undefined : { method, ...rest };
      const message = messages.get(textOf(mcp));
      return message && { method, ...rest, mcp: message };
    });
  });
}

/** Where a route serves. */
interface Place {
  readonly path: string;
  readonly host?: string;
  /** All routes of the path. */
  readonly group: RouteGroup;
}

/** A class of requests, as far as it matters here. */
interface Found {
  readonly path: string;
  readonly leaves: readonly [RouteGroup | undefined];
  readonly host?: string | undefined;
}

/** One of the shortest paths of each route that serves some path, by the matching rule of the gateway. */
function placesOf(policy: Policy): ReadonlyMap<Route, Place> {
  const places = new Map<Route, Place>();
  const axis = HostAxis.of([policy]);
  const classes: Iterable<Found> = axis ? axis.classes([axis.routeTree(policy)], {}) : pathClasses([routeTree(policy)]);
  for (const found of classes) {
    const [group] = found.leaves;
    if (group === undefined) continue;
    const missing = routesIn(group).filter((route) => !places.has(route));
    if (missing.length === 0) continue;
    const { path, host } = found;
    const place = { path, ...(host !== undefined && { host }), group };
    for (const route of missing) places.set(route, place);
  }
  return places;
}

function routesIn({ byMethod, anyMethod }: RouteGroup): readonly Route[] {
  return [...byMethod.values(), ...(anyMethod ? [anyMethod] : [])];
}

/** A method by which a path reaches a route. */
function methodTo(route: Route, group: RouteGroup, methods: readonly string[]): string | undefined {
  const candidates = methods.includes("*") ? [...STANDARD_METHODS, "X-METHOD"] : methods;
  return candidates.find((method) => routeFor(group, method) === route);
}

/** The key of a message. A method and a name have no separator that both could contain. */
function textOf(message: Message): string {
  return JSON.stringify(message);
}
