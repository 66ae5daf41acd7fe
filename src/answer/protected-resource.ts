import type { Requirement, ResourceServer, ServedPolicy } from "../policy/policy.ts";
import { WELL_KNOWN_PATH } from "../policy/routing/reserved-paths.ts";

/** Protected resource metadata (RFC 9728 2), in the members that follow from the policy. Lists are never empty (3.2). */
export interface ProtectedResourceMetadata {
  readonly resource: string;
  readonly authorization_servers?: readonly string[];
  readonly scopes_supported?: readonly string[];
  readonly bearer_methods_supported: readonly ["header"];
  readonly resource_name?: string;
}

/**
 * The metadata of the gateway as a whole (`suffix` empty) or, where the policy has several resource servers, of one of
 * them. `resource` is the gateway's origin with the suffix, since a client compares it with the URL it was looking at
 * (RFC 9728 3.3); the issuer's name for it is the resource server's identifier.
 *
 * @param suffix what follows the well-known path: empty, or `/` and a resource server's suffix
 * @param origin the gateway's own origin
 * @returns `undefined` when there is no such resource
 */
export function protectedResource(
  policy: ServedPolicy,
  suffix: string,
  origin: string,
): ProtectedResourceMetadata | undefined {
  const servers = [...policy.resourceServers.values()];
  const described = suffix === "" ? servers : servers.filter((server) => resourceSuffix(policy, server) === suffix);
  if (suffix !== "" && described.length === 0) return undefined;
  const name = described.length === 1 ? described[0]?.name : undefined;
  const issuers = [...policy.issuers.keys()];
  const scopes = described.flatMap((server) => server.scopes);
  return {
    resource: origin + suffix,
    ...(issuers.length > 0 && { authorization_servers: issuers }),
    ...(scopes.length > 0 && { scopes_supported: scopes }),
    bearer_methods_supported: ["header"],
    ...(name === undefined ? {} : { resource_name: name }),
  };
}

/**
 * Path of the metadata that a challenge for this requirement names: that of the one resource server whose scopes it
 * mentions, where there are several, else the gateway's.
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
 * `/` and the identifier as a path that is canonical as it stands: without scheme, and with `-` for what would need
 * escaping. Empty where there is one resource server only. Servers that come out alike share one document.
 */
function resourceSuffix(policy: ServedPolicy, { identifier }: ResourceServer): string {
  if (policy.resourceServers.size < 2) return "";
  const segments = identifier.replace(/^[a-z][a-z0-9+.-]*:/i, "").split("/");
  const named = segments.filter((segment) => !/^\.{0,2}$/.test(segment));
  return named.map((segment) => `/${segment.replace(/[^\w.~:@-]/g, "-")}`).join("");
}
