import { MAX_SIBLING_STEPS } from "../../../../limits.ts";
import type { Policy, RouteGroup, RouteLookup } from "../../../policy.ts";
import type { PathTree } from "../../paths/path-tree.ts";
import { encodedSlashPaths } from "./encoded-slash-paths.ts";
import { LiteralSpellings } from "./literal-spellings.ts";
import { type PatternEnding, pathOf, patternEndings, toggleSlash } from "./pattern-endings.ts";
import { respelledSegments } from "./respelled-segments.ts";
import type { FoundSiblings, Sibling } from "./sibling.ts";
import { isMoreSpecific, type SiblingView, siblingViews } from "./sibling-views.ts";
import { siblingsBelow } from "./siblings-below.ts";

/** By the table, which never changes. */
const known = new WeakMap<RouteLookup, FoundSiblings>();

/**
 * Finds the requests of a policy that many servers read alike. For a path of each pattern, these are: the path itself,
 * because HEAD is read like GET; the path with its trailing slash added or removed; and the path with its literals
 * spelled differently (see `respelledSegments`), with its trailing slash added or removed if no route serves it
 * otherwise.
 *
 * In the path, a `:name` stands for a value that is not a literal of the policy, because a route that names the value
 * is meant as an exception. A `*` stands for such a value, too. If the part before the `*` is spelled differently, it
 * stands for every path that another pattern names.
 *
 * Where an upstream takes encoded slashes, a path with one is read like the same path with a slash. On a host that
 * routes name, these go first, so a `:name` or `*` of theirs may take a path from a more specific pattern of every
 * host.
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
  const siblings: Sibling[] = [];
  let left = maxSteps;
  for (const view of siblingViews(policy)) {
    const spellings = new LiteralSpellings(new Set(view.trees.flatMap((tree) => [...literalsOf(tree)])));
    for (const pattern of view.trees.flatMap((tree) => [...patternEndings(tree)])) {
      if (view.host !== undefined) left -= 1;
      for (const sibling of siblingsOf(pattern, view, spellings)) {
        if (sibling === undefined) left -= 1;
        else siblings.push({ ...sibling, host: view.host });
        if (left < 0) return { siblings, isComplete: false };
      }
    }
    for (const sibling of encodedSlashSiblings(policy, view)) {
      left -= 1;
      if (left < 0) return { siblings, isComplete: false };
      if (sibling) siblings.push({ ...sibling, host: view.host });
    }
  }
  return { siblings, isComplete: true };
}

/** The siblings of one pattern, and `undefined` for each path below its `*` that is tried. */
function* siblingsOf(
  pattern: PatternEnding,
  view: SiblingView,
  spellings: LiteralSpellings,
): Generator<Omit<Sibling, "host"> | undefined, void> {
  const { match } = view;
  const { group: own, segments, ending } = pattern;
  const path = pathOf(segments, ending === "slash");
  if (view.host !== undefined) {
    // Routes that name the host go first, however specific the pattern is.
    const shadow = match(path);
    if (shadow !== own) {
      if (shadow && isMoreSpecific(own.shape, shadow.shape)) yield { own, other: shadow, path, isBelow: false };
      return;
    }
  }
  if (own.byMethod.get("HEAD") !== own.byMethod.get("GET")) yield { own, other: own, path, isBelow: false };
  const found = new Set([own]);
  const first = (other: RouteGroup | undefined, spelling: string, isBelow = false) => {
    if (other === undefined || found.has(other)) return [];
    found.add(other);
    return [{ own, other, path: spelling, isBelow }];
  };
  // The slash of the root is not a trailing slash.
  if (segments.length > 0) yield* first(match(toggleSlash(path)), toggleSlash(path));
  for (const respelled of respelledSegments(pattern, spellings)) {
    const spelling = pathOf(respelled, ending === "slash");
    const other = match(spelling);
    if (other) yield* first(other, spelling);
    else yield* first(match(toggleSlash(spelling)), toggleSlash(spelling));
    if (ending !== "wildcard") continue;
    for (const below of siblingsBelow(pattern, respelled, view)) {
      yield undefined;
      if (below) yield* first(below.group, below.path, true);
    }
  }
}

/**
 * The siblings by encoded slashes: a path that an upstream gets with one, and the routes of the path without. Yields
 * `undefined` for each path that leads to none.
 */
function* encodedSlashSiblings(
  { upstreams }: Policy,
  { trees, match }: SiblingView,
): Generator<Omit<Sibling, "host"> | undefined, void> {
  if (!upstreams.values().some(({ allowEncodedSlash }) => allowEncodedSlash)) return;
  const patterns = trees.flatMap((tree) => [...patternEndings(tree)]);
  const longest = patterns.reduce((length, { segments }) => Math.max(length, segments.length), 0);
  for (const pattern of patterns) {
    const { group: other } = pattern;
    if (!takesEncodedSlash(other)) continue;
    const owns = new Set<RouteGroup>([other]);
    for (const path of trees.values().flatMap((tree) => encodedSlashPaths(tree, pattern, longest))) {
      const own = path && match(path) === other ? match(path.replaceAll("%2F", "/")) : undefined;
      if (path === undefined || own === undefined || owns.has(own)) yield undefined;
      else {
        owns.add(own);
        yield { own, other, path, isBelow: false };
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
