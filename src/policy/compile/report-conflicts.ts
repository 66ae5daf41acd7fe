import type { Fault, Report } from "../fault.ts";
import { PatternIndex } from "../routing/pattern-index.ts";

/** The requests that a route claims: those with one of these methods whose path its pattern wins. */
export interface RouteClaim {
  /** The pattern as written, accepted by `parsePathPattern`. */
  readonly path: string;
  /** As written; `undefined` where a method is faulty. */
  readonly methods: readonly (string | undefined)[];
  /** The hosts that it names, each as `hostKey` returns it; `undefined`: it names none. */
  readonly hosts: readonly string[] | undefined;
  /** The route's place in the file, from 0. */
  readonly index: number;
  /** Whether the methods follow from `mcp`, so that the file does not list them. */
  readonly isMcp?: boolean;
}

/**
 * Reports every method that two routes claim on one path shape. The shape is that of the matching rule, so neither
 * parameter names nor two spellings of one literal tell routes apart. `"*"` gives way to a listed method and therefore
 * does not conflict with it; nor does a listed HEAD with a GET that covers HEAD. Routes conflict on each host that both
 * of them name, or if neither names a host.
 */
export function reportConflicts(claims: readonly RouteClaim[], report: Report): void {
  const shapes = new PatternIndex(claims.map(({ path }) => path));
  const ids = new Map<string, number>();
  const ownersOn = new Map<string, Map<number, RouteClaim>>();
  for (const claim of claims) {
    const shape = shapes.shapeOf(claim.path);
    for (const [position, method] of claim.methods.entries()) {
      if (method === undefined) continue;
      const id = ids.get(method) ?? ids.size;
      ids.set(method, id);
      const key = id * (claims.length + 1) + shape;
      for (const host of claim.hosts ?? [EVERY_HOST]) {
        const owners = ownersOn.get(host) ?? new Map<number, RouteClaim>();
        ownersOn.set(host, owners);
        const owner = owners.get(key) ?? claim;
        owners.set(key, owner);
        if (owner === claim) continue;
        // `checkMethods` reports a method that one list has twice.
        report(pathOf(claim, position), conflict(method, claim, owner, host), "Remove one of them.");
        break;
      }
    }
  }
}

/** No host has this name. */
const EVERY_HOST = "";

function pathOf(claim: RouteClaim, position: number): Fault["path"] {
  return claim.isMcp ? ["routes", claim.index, "mcp"] : ["routes", claim.index, "methods", position];
}

function conflict(method: string, claim: RouteClaim, owner: RouteClaim, host: string): string {
  const where = host === EVERY_HOST ? "" : ` on ${host}`;
  return `\`${method} ${claim.path}\` is also served by routes[${owner.index}] (\`${owner.path}\`)${where}.`;
}
