import type { ProtectedResource } from "./policy.ts";

/**
 * The protected resource that a route belongs to: the one with the longest path that is a prefix of the route's pattern.
 *
 * @param resources the longest path first, with one for every route
 * @param pattern the route's path pattern
 * @throws Error if there is none, which only a damaged compiled policy can lead to
 */
export function resourceOf(resources: ReadonlyMap<string, ProtectedResource>, pattern: string): ProtectedResource {
  for (const resource of resources.values()) if (isPathPrefix(resource.path, pattern)) return resource;
  throw new Error("A route belongs to no protected resource.");
}

/**
 * Whether a resource's path is a prefix of a route's pattern. Compares whole segments, decoded: `/mcp` is a prefix of
 * `/mcp/:id` and not of `/mcps`. A `:name` or `*` matches no segment of the resource, because most of its paths are not
 * beneath the resource. A trailing slash stands for anything beneath: `/mcp/` is a prefix of `/mcp/x` and not of `/mcp`.
 */
export function isPathPrefix(resource: string, pattern: string): boolean {
  if (resource === "") return true;
  const segments = segmentsOf(pattern);
  return segmentsOf(resource).every((literal, index) =>
    literal === "" ? index < segments.length : literal === segments[index],
  );
}

/** The decoded literals of a path or pattern; `undefined` for a `:name` or `*`. A trailing slash is an empty literal. */
function segmentsOf(pattern: string): readonly (string | undefined)[] {
  if (pattern === "" || pattern === "/") return [];
  return pattern
    .slice(1)
    .split("/")
    .map((part) => (part.startsWith(":") || part === "*" ? undefined : decodeURIComponent(part)));
}
