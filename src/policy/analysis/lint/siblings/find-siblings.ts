import { MAX_SIBLING_STEPS } from "../../../../limits.ts";
import type { Policy, RouteGroup, RouteLookup } from "../../../policy.ts";
import type { PathTree } from "../../paths/path-tree.ts";
import { routeTree } from "../../route-tree.ts";
import { encodedSlashPaths } from "./encoded-slash-paths.ts";
import { LiteralSpellings } from "./literal-spellings.ts";
import { pathOf, patternEndings, toggleSlash } from "./pattern-endings.ts";
import { respelledSegments } from "./respelled-segments.ts";
import type { FoundSiblings, Sibling } from "./sibling.ts";
import { siblingsBelow } from "./siblings-below.ts";

/** By the table, which never changes. */
const known = new WeakMap<RouteLookup, FoundSiblings>();

/**
 * Finds the requests of a policy that many servers read alike. For a path of each pattern, these are: the path itself,
 * because HEAD is read like GET; the path with its trailing slash added or removed; and the path with its literals
 * spelled differently (see `respelledSegments`), with its trailing slash added or removed if no route serves it
 * otherwise.
 *
 * In the path, a `:name` stands for a value that is no literal of the policy, because a route that names the value is
 * meant as an exception. A `*` stands for such a value, too. If the part before the `*` is spelled differently, it
 * stands for every path that another pattern names.
 *
 * Where an upstream takes encoded slashes, a path with one is read like the same path with a slash.
 *
 * Other spellings never change the route: the gateway compares escapes decoded, and path parameters (`;`) take no part
 * in matching. It refuses empty segments, dot segments, other encoded slashes and double encoding.
 *
 * @param maxSteps how many paths below a `*` are tried
 */
export function findSiblings(policy: Policy, maxSteps = MAX_SIBLING_STEPS): FoundSiblings {
  const before = known.get(policy.table);
  if (before) return before;
  const found = search(policy, maxSteps);
  known.set(policy.table, found);
  return found;
}

function search(policy: Policy, maxSteps: number): FoundSiblings {
  const { table } = policy;
  const tree = routeTree(policy);
  const spellings = new LiteralSpellings(literalsOf(tree));
  const siblings: Sibling[] = [];
  let left = maxSteps;
  for (const pattern of patternEndings(tree)) {
    const { group: own, segments, ending } = pattern;
    const path = pathOf(segments, ending === "slash");
    if (own.byMethod.get("HEAD") !== own.byMethod.get("GET")) siblings.push({ own, other: own, path, isBelow: false });
    const found = new Set([own]);
    const add = (other: RouteGroup | undefined, spelling: string, isBelow = false) => {
      if (other === undefined || found.has(other)) return;
      found.add(other);
      siblings.push({ own, other, path: spelling, isBelow });
    };
    // The slash of the root is not a trailing slash.
    if (segments.length > 0) add(table.match(toggleSlash(path)), toggleSlash(path));
    for (const respelled of respelledSegments(pattern, spellings)) {
      const spelling = pathOf(respelled, ending === "slash");
      const other = table.match(spelling);
      if (other) add(other, spelling);
      else add(table.match(toggleSlash(spelling)), toggleSlash(spelling));
      if (ending !== "wildcard") continue;
      for (const below of siblingsBelow(pattern, respelled, policy)) {
        left -= 1;
        if (left < 0) return { siblings, isComplete: false };
        if (below) add(below.group, below.path, true);
      }
    }
  }
  for (const { own, other, path } of encodedSlashSiblings(policy, tree)) {
    left -= 1;
    if (left < 0) return { siblings, isComplete: false };
    if (own && other) siblings.push({ own, other, path, isBelow: false });
  }
  return { siblings, isComplete: true };
}

/** What a path with encoded slashes stands for. Without `own` and `other` it is one more step, which led to nothing. */
interface EncodedSlashStep extends Pick<Sibling, "path"> {
  readonly own?: RouteGroup;
  readonly other?: RouteGroup;
}

/** The siblings by encoded slashes: a path that an upstream gets with one, and the routes of the path without. */
function* encodedSlashSiblings({ upstreams, table }: Policy, tree: PathTree<RouteGroup>): Generator<EncodedSlashStep> {
  if (!upstreams.values().some(({ allowEncodedSlash }) => allowEncodedSlash)) return;
  const patterns = [...patternEndings(tree)];
  const longest = patterns.reduce((length, { segments }) => Math.max(length, segments.length), 0);
  for (const pattern of patterns) {
    const { group: other } = pattern;
    if (!takesEncodedSlash(other)) continue;
    const owns = new Set<RouteGroup>([other]);
    for (const path of encodedSlashPaths(tree, pattern, longest)) {
      const own = path && table.match(path) === other ? table.match(path.replaceAll("%2F", "/")) : undefined;
      if (path === undefined || own === undefined || owns.has(own)) yield { path: "" };
      else {
        owns.add(own);
        yield { own, other, path };
      }
    }
  }
}

function takesEncodedSlash({ byMethod, anyMethod }: RouteGroup): boolean {
  return anyMethod?.upstream.allowEncodedSlash || byMethod.values().some(({ upstream }) => upstream.allowEncodedSlash);
}

function literalsOf(tree: PathTree<RouteGroup>): ReadonlySet<string> {
  const literals = new Set<string>();
  const waiting = [tree];
  for (let node = waiting.pop(); node; node = waiting.pop()) {
    for (const [literal, child] of node.literals) {
      literals.add(literal);
      waiting.push(child);
    }
    if (node.parameter) waiting.push(node.parameter);
  }
  return literals;
}
