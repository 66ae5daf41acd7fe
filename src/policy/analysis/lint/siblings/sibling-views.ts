import type { Policy, RouteGroup } from "../../../policy.ts";
import { matchOnHost } from "../../../routing/match-on-host.ts";
import type { PathTree } from "../../paths/path-tree.ts";
import { ownTree, routeTree } from "../../route-tree.ts";

/** What the gateway serves on one host, or on every host that no route names. */
export interface SiblingView {
  /** `undefined`: any host that no route names. */
  readonly host: string | undefined;
  /** The trees of all patterns that may serve there. */
  readonly trees: readonly PathTree<RouteGroup>[];
  readonly match: (path: string) => RouteGroup | undefined;
}

/** The views of a policy. There is only one if no route names a host. */
export function siblingViews(policy: Policy): readonly SiblingView[] {
  const { byHost, table } = policy;
  const tree = routeTree(policy);
  const everywhere = { host: undefined, trees: [tree], match: (path: string) => table.match(path) };
  if (byHost === undefined) return [everywhere];
  const named = Array.from(byHost).flatMap(([host, routes]): readonly SiblingView[] => {
    const own = ownTree(routes);
    return own ? [{ host, trees: [own, tree], match: (path) => matchOnHost(policy, host, path) }] : [];
  });
  return named.length < byHost.size ? [everywhere, ...named] : named;
}

/**
 * Whether a pattern is more specific than another one that matches the same path. Patterns of one shape are not.
 *
 * @param one the shape of a group. @param other the shape of another group
 */
export function isMoreSpecific(one: string, other: string): boolean {
  const [parts, others] = [one, other].map((shape) => shape.split("/").map(rank));
  const at = (parts ?? []).findIndex((kind, index) => kind !== others?.[index]);
  return at !== -1 && (parts?.[at] ?? 0) < (others?.[at] ?? 0);
}

function rank(part: string): number {
  return part === "*" ? 2 : part.startsWith(":") ? 1 : 0;
}
