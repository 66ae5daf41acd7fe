/** Where protected resource metadata is served (RFC 9728 3). */
export const WELL_KNOWN_PATH = "/.well-known/oauth-protected-resource";

/**
 * Whether a path or path pattern belongs to the gateway. These are `/_gateway`, all paths below it, and all paths that
 * begin with `WELL_KNOWN_PATH` (RFC 9728 3.1). The path must be in canonical form, in which no escape can spell these
 * paths in another way: they have unreserved characters only.
 */
export function isReservedPath(path: string): boolean {
  return path === "/_gateway" || path.startsWith("/_gateway/") || path.startsWith(WELL_KNOWN_PATH);
}
