import type { Policy, Requirement, Route } from "../../../../policy.ts";
import { routeFor } from "../../../../routing/route-table.ts";
import { samplePath } from "../../../collection-paths.ts";

/** A call that the new policy serves, and what both policies require for it. */
export interface SampleCall {
  readonly method: string;
  readonly path: string;
  /** `undefined`: the old policy does not serve it. */
  readonly before: Requirement | undefined;
  readonly after: Requirement;
}

/** Methods to try where a route lists none. */
const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"];

/**
 * One call for each pair of requirements that some call has under the two policies. Not every pair is found: only one
 * path of each route is tried, and only if no other route takes that path.
 */
export function sampleCalls(before: Policy, after: Policy): readonly SampleCall[] {
  const calls: SampleCall[] = [];
  const seen = new Map<Requirement, Set<Requirement | undefined>>();
  for (const route of after.routes) {
    const path = samplePath(route.path);
    const method = methodOf(route, path, after);
    if (method === undefined) continue;
    const group = before.table.match(path);
    const old = group && routeFor(group, method)?.requirement;
    const paired = seen.get(route.requirement) ?? new Set();
    seen.set(route.requirement, paired);
    if (paired.has(old)) continue;
    paired.add(old);
    calls.push({ method, path, before: old, after: route.requirement });
  }
  return calls;
}

/** A method by which the path reaches the route. */
function methodOf(route: Route, path: string, { table }: Policy): string | undefined {
  const group = table.match(path);
  const methods = route.methods.includes("*") ? METHODS : route.methods;
  return group && methods.find((method) => routeFor(group, method) === route);
}
