import type { Policy, Route, RouteGroup } from "../policy.ts";

/** The first route of a path, and all the routes of that path. */
export interface RouteOfPath {
  readonly route: Route;
  readonly group: RouteGroup;
}

/**
 * The first route of each path shape, with or without a trailing slash: what is missing is reported once, however many
 * routes share the path.
 */
export function firstRoutesOfPaths({ routes, table }: Policy): readonly RouteOfPath[] {
  const firsts = new Map<string, RouteOfPath>();
  for (const route of routes) {
    const sample = samplePath(route.path);
    const key = decodeURIComponent(withoutSlash(sample));
    const group = table.match(sample);
    if (group !== undefined && !firsts.has(key)) firsts.set(key, { route, group });
  }
  return [...firsts.values()];
}

/** Whether some route matches a path, with or without a trailing slash. Takes a path without one. */
export function isCovered(path: string, { table }: Policy): boolean {
  return table.match(path) !== undefined || table.match(`${path}/`) !== undefined;
}

/** A path or pattern without its trailing slash. For the root, it is empty. */
export function withoutSlash(path: string): string {
  return path.endsWith("/") ? path.slice(0, -1) : path;
}

/**
 * A path that a pattern matches, with a sample for each `:name`. A final `*` stays as it is, because it matches itself.
 */
export function samplePath(pattern: string): string {
  return pattern.replace(/\/:[^/]+/g, "/~any~");
}

/** Whether a pattern ends in a `:name` below another segment, as items of a collection do. A slash may follow. */
export function isItem(pattern: string): boolean {
  return /[^/]\/:[^/]+\/?$/.test(pattern);
}
