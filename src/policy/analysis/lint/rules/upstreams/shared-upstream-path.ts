import { STANDARD_METHODS } from "../../../../../http/methods.ts";
import { MAX_SIBLING_STEPS } from "../../../../../limits.ts";
import type { Policy, Route, Upstream } from "../../../../policy.ts";
import { matchOnHost } from "../../../../routing/match-on-host.ts";
import { rewritePath, segmentsOf } from "../../../../routing/rewrite-path.ts";
import { routeFor } from "../../../../routing/route-table.ts";
import { createIsLooserRoute } from "../../shared/is-looser-route.ts";
import { type Fresh, isRest, meetingOf } from "../../upstream-paths/meeting.ts";
import { ImageTree, imageOf, type UpstreamImage } from "../../upstream-paths/upstream-image.ts";
import type { Rule, RuleFinding } from "../rule.ts";

/**
 * Routes by which callers reach a path of an upstream that another route guards more strictly. With `upstreamPath`,
 * `stripPrefix` or several upstreams with one origin, two paths of the gateway can become one path there, and the
 * looser route then decides.
 *
 * Each looser route is reported once, with one request and the number of stricter routes. Only requests that the routes
 * really serve count: a more specific route may stand in between. After `MAX_SIBLING_STEPS` steps the rule looks no
 * further, in policies whose patterns overlap very much.
 */
export const sharedUpstreamPath: Rule = (policy) => {
  const found = new Map<Route, { readonly request: string; readonly sent: string; readonly strict: Set<Route> }>();
  const isLooser = createIsLooserRoute(policy);
  for (const { one, other } of candidates(policy)) {
    if (one.route.requirement === other.route.requirement && !one.route.mcp && !other.route.mcp) continue;
    const common = commonMethods(one.route, other.route);
    const methodsOfLooser = (loose: Route, strict: Route): readonly string[] => {
      // Only MCP routes require something else of some methods.
      if (loose.mcp || strict.mcp) return common.filter((method) => isLooser(loose, strict, method));
      return common.slice(0, isLooser(loose, strict, common[0] ?? "GET") ? undefined : 0);
    };
    const ofOne = methodsOfLooser(one.route, other.route);
    const isOne = ofOne.length > 0;
    const met = meet(policy, one, other, isOne ? ofOne : methodsOfLooser(other.route, one.route));
    if (met === undefined) continue;
    const [loose, strict, path] = isOne
      ? [one.route, other.route, met.paths[0]]
      : [other.route, one.route, met.paths[1]];
    const known = found.get(loose) ?? {
      request: `${met.method} ${path}`,
      sent: sentBy(loose, path),
      strict: new Set(),
    };
    found.set(loose, known);
    known.strict.add(strict);
  }
  return Array.from(found, ([loose, { request, sent, strict }]) => findingAt(loose, request, sent, [...strict]));
};

function findingAt(
  { index, upstreamPath }: Route,
  request: string,
  sent: string,
  [first, ...more]: readonly Route[],
): RuleFinding {
  const others =
    more.length === 0 ? "" : ` It is looser than ${more.length} more ${more.length === 1 ? "route" : "routes"} there.`;
  return {
    route: index,
    path: ["routes", index, upstreamPath === undefined ? "path" : "upstreamPath"],
    message: `\`${request}\` reaches \`${sent}\` of the upstream, for callers whom \`${first?.path}\` (routes[${first?.index}]) refuses there.${others}`,
    hint: "Require at least as much here, send the requests to another path, or give the reason under `lint` why both requirements are right.",
  };
}

interface Pair {
  readonly one: UpstreamImage;
  readonly other: UpstreamImage;
}

/** Pairs of routes that may reach one path of a destination, each pair once. */
function* candidates({ routes }: Policy): Generator<Pair, void> {
  let steps = 0;
  const onStep = (): void => {
    steps += 1;
  };
  for (const group of Map.groupBy(routes, ({ upstream }) => destinationOf(upstream)).values()) {
    if (!canShare(group)) continue;
    const images = group.map(imageOf);
    const tree = new ImageTree();
    for (const image of images) tree.add(image);
    for (const one of images) {
      for (const other of tree.near(one, onStep)) {
        onStep();
        if (steps > MAX_SIBLING_STEPS) return;
        if (one.route.index < other.route.index) yield { one, other };
      }
    }
  }
}

function destinationOf(upstream: Upstream): string {
  return upstream.kind === "url" ? `${upstream.origin} ${upstream.via ?? ""}` : upstream.binding;
}

/** Without a template, and with one prefix for all, no two paths become one. */
function canShare(routes: readonly Route[]): boolean {
  const prefixes = new Set(
    routes.map(({ upstream }) => `${upstream.kind === "url" ? upstream.pathPrefix : ""} ${upstream.stripPrefix ?? ""}`),
  );
  return prefixes.size > 1 || routes.some(({ rewriting }) => rewriting !== undefined);
}

/** One of the methods, and the path of a request to each, if they reach one path of the upstream. */
function meet(
  policy: Policy,
  one: UpstreamImage,
  other: UpstreamImage,
  methods: readonly string[],
): { readonly method: string; readonly paths: readonly [string, string] } | undefined {
  if (methods.length === 0) return undefined;
  const least = Math.max(one.parts.length, other.parts.length);
  const isOpen = one.parts.some(isRest) && other.parts.some(isRest);
  // Longer paths than any pattern are all won alike.
  const most = longestPattern(policy) + 1;
  const fresh = freshIn(policy);
  for (let length = least; length <= (isOpen ? least + most : least); length += 1) {
    for (const slash of isOpen ? [false, true] : [false]) {
      const found = meetingOf(one, other, { length, slash, most, fresh });
      for (const method of found ? methods : []) {
        const [path, otherPath] = [one, other].map(({ route }, side) =>
          found?.[side]?.find((it) => isServed(policy, route, method, it)),
        );
        if (path !== undefined && otherPath !== undefined) return { method, paths: [path, otherPath] };
      }
    }
  }
  return undefined;
}

function commonMethods(one: Route, other: Route): readonly string[] {
  return methodsOf(one).filter((method) => methodsOf(other).includes(method));
}

function methodsOf({ methods }: Route): readonly string[] {
  return methods.flatMap((method) => (method === "*" ? STANDARD_METHODS : method === "GET" ? ["GET", "HEAD"] : method));
}

function isServed(policy: Policy, route: Route, method: string, path: string): boolean {
  const hosts = route.hosts ?? [""];
  return hosts.some((host) => {
    const group = matchOnHost(policy, host, path);
    return group !== undefined && routeFor(group, method) === route;
  });
}

function sentBy({ rewriting, upstream }: Route, path: string): string {
  const sent = rewriting === undefined ? path : rewritePath(rewriting, path);
  return (upstream.kind === "url" ? upstream.pathPrefix + sent : sent) || "/";
}

const longest = new WeakMap<Policy, number>();
const names = new WeakMap<Policy, ReadonlySet<string>>();

/** The number of segments of the longest pattern. */
function longestPattern(policy: Policy): number {
  const known = longest.get(policy) ?? Math.max(0, ...policy.routes.map(({ path }) => segmentsOf(path).length));
  longest.set(policy, known);
  return known;
}

/** Makes segments that stand in no pattern. */
function freshIn(policy: Policy): Fresh {
  const known = names.get(policy) ?? new Set(policy.routes.flatMap(({ path }) => segmentsOf(path)));
  names.set(policy, known);
  return (number) => {
    let segment = number === 1 ? "x" : `x${number}`;
    while (known.has(segment)) segment = `_${segment}`;
    return segment;
  };
}
