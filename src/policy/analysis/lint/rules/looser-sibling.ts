import { STANDARD_METHODS } from "../../../../http/methods.ts";
import type { Route, RouteGroup, Upstream } from "../../../policy.ts";
import { hasEncodedSlash } from "../../../routing/canonical-path.ts";
import { routeFor } from "../../../routing/route-table.ts";
import { createPinned, type Pins } from "../../formulas/with-atoms.ts";
import { createIsLooserRoute } from "../shared/is-looser-route.ts";
import { findSiblings } from "../siblings/find-siblings.ts";
import type { Rule, RuleFinding } from "./rule.ts";

/**
 * Routes that serve a request which many servers read like a request of a stricter route, to callers whom that route
 * refuses. A caller could get around the stricter route with such a request: `/orders/Export`, `/orders/export.json` or
 * `/orders/export/` in place of `/orders/export`, `/orders%2Fexport` where the upstream takes encoded slashes, or HEAD
 * in place of GET. `findSiblings` says which spellings count.
 *
 * Only routes to the same destination count, because another upstream does not serve the same resource. Each looser
 * route is reported once, with one request and the number of stricter routes. Several looser
 * routes are reported together if they only take paths from the `*` of the same stricter routes: beside a stricter
 * `/admin/*`, these may be all routes under `/:tenant`.
 */
export const looserSibling: Rule = (policy) => {
  const isLooser = createIsLooserRoute(policy);
  const pinned = createPinned();
  const found = new Map<Route, Looser>();
  for (const { own, other, path, host, isBelow } of findSiblings(policy).siblings) {
    for (const { strict, loose, method } of requestPairs(own, other)) {
      const known = found.get(loose);
      if (known?.strict.has(strict)) continue;
      if (!isSameDestination(strict.upstream, loose.upstream)) continue;
      if (hasEncodedSlash(path) && !loose.upstream.allowEncodedSlash) continue;
      const served = hasEncodedSlash(path) ? { ...loose, requirement: pinned(loose.requirement, pinsOf(path)) } : loose;
      if (!isLooser(served, strict, method)) continue;
      const looser = known ?? {
        request: `${method} ${host === undefined ? "" : `https://${host}`}${path}`,
        strict: new Set(),
        isBelow: true,
      };
      looser.strict.add(strict);
      looser.isBelow &&= isBelow;
      found.set(loose, looser);
    }
  }
  return [...found]
    .sort(([one], [other]) => one.index - other.index)
    .map(([loose, looser]) => findingAt(loose, looser));
};

/** No claim equals a segment with an encoded slash. */
function pinsOf(path: string): Pins {
  const parts = path.slice(1).split("/");
  return parts.map((part) => (hasEncodedSlash(part) ? null : undefined));
}

/** What makes a route looser than others. */
interface Looser {
  /** A request that the route serves, and that can be taken for one of the first stricter route. */
  readonly request: string;
  readonly strict: Set<Route>;
  /** Whether it only takes away from the `*` of stricter routes, as all routes under one `:name` may. */
  isBelow: boolean;
}

function findingAt({ index, path, hosts }: Route, { request, strict, isBelow }: Looser): RuleFinding {
  const [first, ...more] = strict;
  const count = more.length;
  const others =
    count === 0 ? "" : ` It is looser than ${count} more ${count === 1 ? "route" : "routes"} in the same way.`;
  const cause = Array.from(strict, (route) => route.index).join();
  return {
    route: index,
    path: ["routes", index, "path"],
    message: `It serves \`${request}\` to callers whom \`${first?.path}\` (routes[${first?.index}]) refuses.${others}`,
    hint: hintFor(request, first?.hosts === undefined && hosts !== undefined),
    group: isBelow ? { cause, name: `\`${path}\` (routes[${index}])` } : undefined,
  };
}

/** @param isOnHost whether the route names hosts and the stricter one does not */
function hintFor(request: string, isOnHost: boolean): string {
  if (isOnHost) return ON_HOST_HINT;
  return hasEncodedSlash(request) ? ENCODED_SLASH_HINT : HINT;
}

const ON_HOST_HINT =
  "On a host that routes name, those routes decide first. Require at least as much here, repeat the stricter route for this host, or give the reason under `lint` why this host may serve it so.";
const HINT =
  "Many servers answer that request like one for the stricter sibling. Require at least as much here, add a stricter route for that path, or give the reason under `lint` why the upstream tells the two apart.";
const ENCODED_SLASH_HINT =
  "A server that decodes `%2F` before it looks for a handler answers that request like one for the stricter sibling. Require at least as much here, or give the reason under `lint` why the upstream tells the two apart.";

/** Two routes and the method with which the looser one would be called. */
interface RequestPair {
  readonly strict: Route;
  readonly loose: Route;
  readonly method: string;
}

/**
 * The routes of two groups that serve the same method. HEAD and GET count as the same: a server answers HEAD from what
 * it answers to GET, so each of them tells about the other.
 */
function* requestPairs(own: RouteGroup, other: RouteGroup): Generator<RequestPair, void> {
  const listed = own.byMethod.keys();
  const methods = own.anyMethod ? new Set([...STANDARD_METHODS, ...listed, ...other.byMethod.keys()]) : listed;
  for (const meant of methods) {
    for (const method of READ_ALIKE.get(meant) ?? [meant]) {
      const [strict, loose] = [routeFor(own, meant), routeFor(other, method)];
      if (strict && loose && strict !== loose) yield { strict, loose, method };
    }
  }
}

const READ_ALIKE: ReadonlyMap<string, readonly string[]> = new Map([
  ["GET", ["GET", "HEAD"]],
  ["HEAD", ["HEAD", "GET"]],
]);

function isSameDestination(a: Upstream, b: Upstream): boolean {
  if (a.kind === "url" && b.kind === "url")
    return a.origin === b.origin && a.pathPrefix === b.pathPrefix && a.via === b.via;
  return a.kind === "service" && b.kind === "service" && a.binding === b.binding;
}
