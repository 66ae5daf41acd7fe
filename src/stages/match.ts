import { isPreflight, preflightMethod, preflightResponse } from "../answer/cors.ts";
import { Denial } from "../answer/denial.ts";
import type { Exchange } from "../exchange.ts";
import type { Route, RouteGroup, ServedPolicy } from "../policy/policy.ts";
import { hasEncodedSlash, hasPathParameters } from "../policy/routing/canonical-path.ts";
import { matchOnHost } from "../policy/routing/match-on-host.ts";
import { routeFor } from "../policy/routing/route-table.ts";
import { requestHost } from "../policy/routing/served-hosts.ts";
import { createHeaderFilters, type HeaderFilter } from "../upstream/request-headers.ts";

/** What serves a request. */
export interface Match {
  readonly route: Route;
  readonly group: RouteGroup;
  /** Whether a header of the request stays here. */
  readonly isDropped: HeaderFilter;
}

/** Stage 2: the route of a canonical path. The path decides first, then the method. */
export type MatchRoute = (exchange: Exchange, path: string) => Match | Response;

/** Makes stage 2. It returns the answer if the request ends here: a preflight, or one that no route serves. */
export function createMatchRoute(policy: ServedPolicy): MatchRoute {
  const filterOf = createHeaderFilters(policy);
  return (exchange, path) => {
    const { request, method, headers, url } = exchange;
    const group =
      policy.byHost === undefined
        ? policy.table.match(path)
        : matchOnHost(policy, requestHost(headers.get("host"), url.hostname), path);
    const preflight = policy.cors !== undefined && isPreflight(request);
    const route = group && routeFor(group, preflight ? preflightMethod(request) : method);
    if (hasPathParameters(path) && !route?.upstream.allowPathParameters) {
      return exchange.refuse(takesNo("path parameters (`;`)"));
    }
    if (hasEncodedSlash(path) && !route?.upstream.allowEncodedSlash) {
      return exchange.refuse(takesNo("encoded slash (`%2F`)"));
    }
    if (group === undefined) return exchange.refuse(new Denial("route-unknown"));
    exchange.pattern = group.shape;
    const isDropped = filterOf(route?.upstream);
    if (preflight) return exchange.answerPreflight(preflightResponse(request, group.allow, policy.cors, isDropped));
    if (route === undefined) return exchange.refuse(new Denial("method-not-allowed"), { allow: group.allow });
    exchange.route = route;
    exchange.pattern = route.path;
    return { route, group, isDropped };
  };
}

/** The refusal of a path that only some upstreams may get, on a route to another or on none. */
function takesNo(what: string): Denial {
  return new Denial("path-ambiguous", `The upstream takes no ${what}.`);
}
