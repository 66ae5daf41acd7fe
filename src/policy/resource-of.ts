import type { ProtectedResource } from "./policy.ts";

/**
 * The protected resource that a route belongs to: the one with the longest path that is a prefix of the route's
 * pattern.
 *
 * @param resources the longest path first, with one for every route
 * @param pattern the route's path pattern
 * @throws Error if there is none, which only a damaged compiled policy can lead to
 */
export function resourceOf(resources: ReadonlyMap<string, ProtectedResource>, pattern: string): ProtectedResource {
  const segments = segmentsOf(pattern);
  for (const { prefix, resource } of prefixesOf(resources)) if (isPrefix(prefix, segments)) return resource;
  throw new Error("A route belongs to no protected resource.");
}

type Segments = readonly (string | undefined)[];

/**
 * Whether a resource's path is a prefix of a route's pattern, both as `segmentsOf` returns them. Compares whole
 * segments: `/mcp` is a prefix of `/mcp/:id` and not of `/mcps`. A `:name` or `*` matches no segment of the resource,
 * because most of its paths are not beneath the resource. A trailing slash stands for anything beneath: `/mcp/` is a
 * prefix of `/mcp/x` and not of `/mcp`.
 */
export function isPrefix(resource: Segments, pattern: Segments): boolean {
  return resource.every((literal, index) => (literal === "" ? index < pattern.length : literal === pattern[index]));
}

interface Prefix {
  readonly prefix: Segments;
  readonly resource: ProtectedResource;
}

/** By the resources, which never change: there may be thousands, and each of many routes is compared with them. */
const known = new WeakMap<ReadonlyMap<string, ProtectedResource>, readonly Prefix[]>();

function prefixesOf(resources: ReadonlyMap<string, ProtectedResource>): readonly Prefix[] {
  const before = known.get(resources);
  if (before) return before;
  const prefixes = Array.from(resources.values(), (resource) => ({ prefix: segmentsOf(resource.path), resource }));
  known.set(resources, prefixes);
  return prefixes;
}

/**
 * The decoded literals of a path or pattern; `undefined` for a `:name` or `*`. A trailing slash is an empty literal.
 */
export function segmentsOf(pattern: string): Segments {
  if (pattern === "" || pattern === "/") return [];
  return pattern
    .slice(1)
    .split("/")
    .map((part) => (part.startsWith(":") || part === "*" ? undefined : decodeURIComponent(part)));
}
