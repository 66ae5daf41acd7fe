import { HostAxis } from "../../policy/analysis/host-classes.ts";
import { pathClasses } from "../../policy/analysis/paths/path-classes.ts";
import { type PathTree, PathTreeBuilder } from "../../policy/analysis/paths/path-tree.ts";
import { routeTree } from "../../policy/analysis/route-tree.ts";
import { UndecidedError } from "../../policy/analysis/undecided-error.ts";
import type { Policy, RouteGroup } from "../../policy/policy.ts";
import { canonicalPath, hasEncodedSlash, hasPathParameters } from "../../policy/routing/canonical-path.ts";
import { matchOnHost } from "../../policy/routing/match-on-host.ts";
import { parsePathPattern, shapeOf } from "../../policy/routing/path-pattern.ts";
import { isReservedPath } from "../../policy/routing/reserved-paths.ts";
import { MAX_REMEMBERED_PLACES } from "../decisions/log-limits.ts";
import type { ObservedLine } from "./observed.ts";

/** Where a policy may lead a request. */
export interface Places {
  /** Tells these places from all others, for memory. */
  readonly key: string;
  /** The routes of the patterns that may win its path; `undefined`: no pattern may. At least one. */
  readonly groups: readonly (RouteGroup | undefined)[];
  /** The path; `undefined`: the line has none, or one that was cut or changed for the log. */
  readonly path: string | undefined;
}

/** Patterns of one shape in the policy before, which differ in their hosts, and where their paths lead now. */
interface PlacesBefore {
  readonly groups: Set<RouteGroup>;
  readonly now: Set<RouteGroup | undefined>;
}

/** Where a policy leads the requests of lines. */
export class PlaceFinder {
  readonly #policy: Policy;
  readonly #tree: PathTree<RouteGroup>;
  readonly #axis: HostAxis | undefined;
  readonly #byPattern = new Map<string, readonly (RouteGroup | undefined)[] | undefined>();
  readonly #numbers = new Map<RouteGroup | undefined, number>();
  /** By the shape of a pattern of the policy before. */
  readonly #before: ReadonlyMap<string, PlacesBefore>;

  /**
   * @param before the policy that wrote the lines. It tells which paths a pattern stood for
   * @throws UndecidedError
   */
  constructor(policy: Policy, before: Policy | undefined) {
    this.#policy = policy;
    this.#axis = HostAxis.of(before ? [before, policy] : [policy]);
    this.#tree = this.#axis?.routeTree(policy) ?? routeTree(policy);
    this.#before = before === undefined ? new Map() : this.#placesOf(before);
  }

  /** The groups of the policy before with a pattern of this shape. Several only if hosts tell them apart. */
  groupsBefore(pattern: string): Iterable<RouteGroup> {
    return this.#before.get(shapeOf(pattern))?.groups ?? [];
  }

  /**
   * @param isBefore whether the policy before wrote the line
   * @returns `undefined`: the line does not say where the request went
   */
  find(line: ObservedLine, isBefore: boolean): Places | "gateway" | undefined {
    const path = usablePath(line.path);
    if (path !== undefined) {
      if (isReservedPath(path)) return "gateway";
      const groups = this.#groupsAt(path);
      const form = `${hasPathParameters(path) ? ";" : ""}${hasEncodedSlash(path) ? "/" : ""}`;
      return { groups, path, key: `${form}${groups.map((group) => this.#numberOf(group)).join()}` };
    }
    const { route } = line;
    if (route === undefined) return undefined;
    const groups = this.#groupsOf(route, isBefore);
    return groups && { groups, path: undefined, key: `${route} ${isBefore}` };
  }

  /** The routes of a path, on every host. */
  #groupsAt(path: string): readonly (RouteGroup | undefined)[] {
    const { byHost, table } = this.#policy;
    if (byHost === undefined) return [table.match(path)];
    return [...new Set(Array.from(byHost.keys(), (host) => matchOnHost(this.#policy, host, path)))];
  }

  #groupsOf(pattern: string, isBefore: boolean): readonly (RouteGroup | undefined)[] | undefined {
    const known = isBefore ? this.#before.get(shapeOf(pattern)) : undefined;
    return known === undefined ? this.groupsUnder(pattern) : [...known.now];
  }

  /**
   * The groups that may win some path of a pattern, which need not be one of this policy. Without a group: there are
   * paths that no pattern wins.
   *
   * @returns `undefined`: the text is no pattern, or the policy is too complex
   */
  groupsUnder(pattern: string): readonly (RouteGroup | undefined)[] | undefined {
    if (!this.#byPattern.has(pattern)) {
      if (this.#byPattern.size >= MAX_REMEMBERED_PLACES) this.#byPattern.clear();
      this.#byPattern.set(pattern, this.#classesUnder(pattern));
    }
    return this.#byPattern.get(pattern);
  }

  /** A line of a 405 has a pattern without the names of parameters. */
  #classesUnder(pattern: string): readonly (RouteGroup | undefined)[] | undefined {
    const named = pattern.replaceAll(/\/:(?=\/|$)/g, "/:parameter");
    if (!parsePathPattern(named).ok) return undefined;
    const builder = new PathTreeBuilder<true>();
    builder.add(named, true);
    try {
      const found = this.#axis
        ? this.#axis.classes([this.#axis.selectionTree(builder.tree, undefined), this.#tree], { needed: 1 })
        : pathClasses([builder.tree, this.#tree], { needed: 1 });
      return [...new Set(Array.from(found, ({ leaves: [, group] }) => group))];
    } catch (error) {
      if (!(error instanceof UndecidedError)) throw error;
      return undefined;
    }
  }

  #placesOf(before: Policy): ReadonlyMap<string, PlacesBefore> {
    const found = this.#axis
      ? this.#axis.classes([this.#axis.routeTree(before), this.#tree], { needed: 1 })
      : pathClasses([routeTree(before), this.#tree], { needed: 1 });
    const places = new Map<string, PlacesBefore>();
    for (const { leaves } of found) {
      const [old, now] = leaves;
      if (old === undefined) continue;
      const place = places.get(old.shape) ?? { groups: new Set(), now: new Set() };
      place.groups.add(old);
      place.now.add(now);
      places.set(old.shape, place);
    }
    return places;
  }

  #numberOf(group: RouteGroup | undefined): number {
    const number = this.#numbers.get(group) ?? this.#numbers.size;
    this.#numbers.set(group, number);
    return number;
  }
}

/**
 * The path of a line as the gateway matched it. A path that is not canonical was refused, cut, or changed because it
 * looked like a token.
 */
export function usablePath(path: string | undefined): string | undefined {
  if (path === undefined || path.endsWith("...") || path.includes("[token]")) return undefined;
  const canonical = canonicalPath(path, true);
  return canonical.ok && canonical.value === path ? path : undefined;
}
