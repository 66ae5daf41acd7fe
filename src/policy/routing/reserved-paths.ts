/** Where protected resource metadata is served (RFC 9728 3). */
export const WELL_KNOWN_PATH = "/.well-known/oauth-protected-resource";

/**
 * Whether a path or path pattern in canonical form belongs to the gateway: `/_gateway`, all paths beneath it, and all that
 * begin with the well-known path of protected resource metadata (RFC 9728 3.1). These paths have unreserved characters
 * only, so in canonical form no escape can spell them in another way.
 */
export function isReservedPath(path: string): boolean {
  return path === "/_gateway" || path.startsWith("/_gateway/") || path.startsWith(WELL_KNOWN_PATH);
}
