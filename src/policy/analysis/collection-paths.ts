import type { Policy, Route, RouteGroup } from "../policy.ts";

/** The first route of a path, and all the routes of that path. */
export interface RouteOfPath {
  readonly route: Route;
  readonly group: RouteGroup;
}

/** The first route of each path shape: what is missing is reported once, however many routes share the path. */
export function firstRoutesOfPaths({ routes, table }: Policy): readonly RouteOfPath[] {
  const firsts = new Map<RouteGroup, RouteOfPath>();
  for (const route of routes) {
    const group = table.match(samplePath(route.path));
    if (group !== undefined && !firsts.has(group)) firsts.set(group, { route, group });
  }
  return [...firsts.values()];
}

/** A path that a pattern matches, with a sample for each `:name`. A final `*` stays as it is, because it matches itself. */
export function samplePath(pattern: string): string {
  return pattern.replace(/\/:[^/]+/g, "/~any~");
}

/** Whether a pattern ends in a `:name` below another segment, as items of a collection do. */
export function isItem(pattern: string): boolean {
  return /[^/]\/:[^/]+$/.test(pattern);
}
