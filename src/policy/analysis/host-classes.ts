import type { Policy, RouteGroup } from "../policy.ts";
import type { AlikeClasses, PathClass } from "./paths/path-class.ts";
import { type LeavesOf, pathClasses, type WalkOptions } from "./paths/path-classes.ts";
import type { PathTree } from "./paths/path-tree.ts";
import { ownTree, routeTree } from "./route-tree.ts";

/** A class of requests: all paths that some trees treat alike, on hosts that they treat alike. */
export interface HostClass<Leaves extends readonly unknown[]> extends Omit<PathClass<Leaves>, "alike"> {
  /** One of the hosts; `undefined`: the policies do not tell hosts apart, or it is any host that none of them names. */
  readonly host: string | undefined;
  readonly alike: AlikeHostClasses<NonNullable<Leaves[number]>> | undefined;
}

/** Like `AlikeClasses`. The classes may also differ in their host. */
export interface AlikeHostClasses<Leaf> extends AlikeClasses<Leaf> {
  readonly hostOf: (index: number) => string | undefined;
}

/**
 * How the hosts of one or two policies come into the walk of `pathClasses`: as the first segment of every path. The
 * routes that name no host are below a `:name` there, so that the matching rule is the same as for paths.
 *
 * Where each policy serves a finite number of hosts and all of them are named, a path begins with one of these.
 */
export class HostAxis {
  /** See `WalkOptions`. `undefined`: there are hosts that nothing names. */
  readonly #first: ReadonlySet<string> | undefined;
  readonly #named: ReadonlySet<string>;
  /** One of the hosts that nothing names; if possible, one that every policy serves. */
  readonly #other: string | undefined;

  private constructor(named: ReadonlySet<string>, served: ReadonlySet<string> | undefined, ofAll: ReadonlySet<string>) {
    const others = served?.difference(named);
    this.#named = named;
    this.#other = [...(others?.intersection(ofAll) ?? []), ...(others ?? [])][0];
    this.#first = others?.size === 0 ? named : undefined;
  }

  /**
   * The axis of some policies. A host that only one of them serves is in the classes of all: `servedBy` tells which do.
   *
   * @param selected the hosts that guarantees name
   * @returns `undefined` if nothing tells hosts apart
   */
  static of(policies: readonly Policy[], selected: Iterable<string> = []): HostAxis | undefined {
    const named = new Set(selected);
    const served = new Set<string>();
    let areAllListed = true;
    for (const { byHost, hosts } of policies) {
      for (const [host, { table }] of byHost ?? []) if (table) named.add(host);
      for (const host of hosts ?? []) served.add(host);
      areAllListed &&= hosts !== undefined;
    }
    const ofAll = new Set([...served].filter((host) => policies.every(({ hosts }) => hosts?.has(host))));
    return named.size === 0 ? undefined : new HostAxis(named, areAllListed ? served : undefined, ofAll);
  }

  /** The tree of a policy's patterns, each below its hosts. */
  routeTree(policy: Policy): PathTree<RouteGroup> {
    const literals = new Map<string, PathTree<RouteGroup>>();
    for (const [host, own] of policy.byHost ?? []) {
      const tree = ownTree(own);
      if (tree) literals.set(host, tree);
    }
    return { ...ROOT, literals, parameter: routeTree(policy) };
  }

  /** The tree of a selection of paths, below the hosts that it selects; `undefined`: below every host. */
  selectionTree<Leaf>(tree: PathTree<Leaf>, hosts: Iterable<string> | undefined): PathTree<Leaf> {
    if (hosts === undefined) return { ...ROOT, parameter: tree };
    return { ...ROOT, literals: new Map(Array.from(hosts, (host) => [host, tree])) };
  }

  /** A selection that tells the hosts that a policy serves from those that it refuses. */
  servedBy({ hosts }: Pick<Policy, "hosts">): ServedHosts {
    const servesOthers = hosts === undefined || hosts.difference(this.#named).size > 0;
    // Every pattern of a selection counts, so it lists what differs from the hosts that nothing names.
    const listed = [...this.#named].filter((host) => (hosts?.has(host) ?? true) !== servesOthers);
    return {
      tree: this.selectionTree(EVERY_PATH, listed),
      isServed: (leaf) => (leaf === undefined) === servesOthers,
    };
  }

  /** The classes of requests along such trees: those of `pathClasses`, with the host apart from the path. */
  *classes<
    const Routes extends readonly PathTree<unknown>[],
    const Selections extends readonly PathTree<unknown>[] = [],
  >(
    routes: Routes,
    options: Omit<WalkOptions<Selections>, "first">,
  ): Generator<HostClass<LeavesOf<[...Routes, ...Selections]>>, void, undefined> {
    const { tellingSegments } = options;
    // The host is one segment more.
    const telling = tellingSegments && ((leaf: unknown) => tellingSegments(leaf).map((segment) => segment + 1));
    const found = pathClasses(routes, { ...options, tellingSegments: telling, first: this.#first });
    for (const pathClass of found) yield this.#split(pathClass);
  }

  #split<Leaves extends readonly unknown[]>(found: PathClass<Leaves>): HostClass<Leaves> {
    const { leaves, alike } = found;
    const hostIn = (path: string) => this.#hostIn(path);
    return {
      leaves,
      get path() {
        return pathIn(found.path);
      },
      get host() {
        return hostIn(found.path);
      },
      get pins() {
        return found.pins.slice(1);
      },
      alike: alike && {
        ...alike,
        pathOf: (index) => pathIn(alike.pathOf(index)),
        hostOf: (index) => hostIn(alike.pathOf(index)),
      },
    };
  }

  #hostIn(path: string): string | undefined {
    const host = decodeURIComponent(path.slice(1, endOfHost(path)));
    return this.#named.has(host) ? host : this.#other;
  }
}

/** The hosts that a policy serves, as a selection for `HostAxis.classes`. */
export interface ServedHosts {
  readonly tree: PathTree<true>;
  /** @param leaf of the class in this tree */
  readonly isServed: (leaf: true | undefined) => boolean;
}

const ROOT = {
  literals: new Map<string, never>(),
  parameter: undefined,
  wildcard: undefined,
  leaf: undefined,
  slash: undefined,
};

/** Below a host: all paths. */
const EVERY_PATH: PathTree<true> = { ...ROOT, all: true };

function endOfHost(path: string): number {
  const end = path.indexOf("/", 1);
  return end === -1 ? path.length : end;
}

function pathIn(path: string): string {
  return path.slice(endOfHost(path)) || "/";
}
