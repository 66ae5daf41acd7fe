import type { RouteGroup, ServedPolicy } from "../policy.ts";

/**
 * The routes of the pattern that wins a path on a host: the host is the first segment of the matching rule. The routes
 * that name the host decide, however specific the others are. Only a path that none of them matches falls to the
 * others. So a method that the host's own pattern lacks is a 405 here, too.
 *
 * @param host as `requestHost` returns it
 * @param path as `canonicalPath` returns it
 */
export function matchOnHost(
  { byHost, table }: Pick<ServedPolicy, "byHost" | "table">,
  host: string,
  path: string,
): RouteGroup | undefined {
  return byHost?.get(host)?.table?.match(path) ?? table.match(path);
}
