import type { Requirement, ResourceServer, ServedPolicy } from "../policy/policy.ts";
import { WELL_KNOWN_PATH } from "../policy/routing/reserved-paths.ts";

/**
 * Path of the metadata that a challenge for a requirement names (RFC 9728 5.1). With several resource servers it is
 * that of the one whose scopes the requirement mentions; if it mentions those of several or of none, it is the
 * gateway's.
 */
export function resourceMetadataPath(policy: ServedPolicy, requirement: Requirement | undefined): string {
  const mentioned = requirement?.kind === "scopes" && policy.resourceServers.size > 1 ? requirement.mentioned : [];
  const identifiers = new Set(mentioned.map((name) => policy.scopes.byFullName.get(name)?.resourceServer));
  const [identifier] = identifiers;
  const server =
    identifiers.size === 1 && identifier !== undefined ? policy.resourceServers.get(identifier) : undefined;
  return WELL_KNOWN_PATH + (server === undefined ? "" : resourceSuffix(policy, server));
}

/**
 * What follows the well-known path for one resource server: `/` and its identifier as a canonical path, without the
 * scheme and with `-` for each character that would need escaping. Empty if there is only one resource server. Servers
 * whose identifiers give the same suffix share one document.
 */
export function resourceSuffix(policy: ServedPolicy, { identifier }: ResourceServer): string {
  if (policy.resourceServers.size < 2) return "";
  const segments = identifier.replace(/^[a-z][a-z0-9+.-]*:/i, "").split("/");
  const named = segments.filter((segment) => !/^\.{0,2}$/.test(segment));
  return named.map((segment) => `/${segment.replace(/[^\w.~:@-]/g, "-")}`).join("");
}
