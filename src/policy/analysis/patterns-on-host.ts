import type { Policy } from "../policy.ts";
import { type MatchingPattern, matchingPatterns } from "./matching-patterns.ts";
import { ownTree, routeTree } from "./route-tree.ts";

/** The patterns that match a path on a host. The first of them serves it: all that name the host go first. */
export interface PatternsOnHost {
  /** The patterns of routes that name the host, the most specific first. */
  readonly own: readonly MatchingPattern[];
  /** The patterns of routes that name no host, the most specific first. */
  readonly others: readonly MatchingPattern[];
}

/** @param host as `requestHost` returns it. @param path as `canonicalPath` returns it */
export function patternsOnHost(policy: Policy, host: string, path: string): PatternsOnHost {
  const here = policy.byHost?.get(host);
  const tree = here && ownTree(here);
  return {
    own: tree === undefined ? [] : matchingPatterns(tree, path),
    others: matchingPatterns(routeTree(policy), path),
  };
}
