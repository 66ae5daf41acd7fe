import { issuerScopeNames } from "../answer/issuer-scope-names.ts";
import { resourceSuffix } from "../answer/resource-metadata-path.ts";
import type { ServedPolicy } from "../policy/policy.ts";

/** Protected resource metadata (RFC 9728 2): the members that follow from the policy. Lists are never empty (3.2). */
export interface ProtectedResourceMetadata {
  readonly resource: string;
  readonly authorization_servers?: readonly string[];
  readonly scopes_supported?: readonly string[];
  readonly bearer_methods_supported: readonly ["header"];
  readonly resource_name?: string;
}

/**
 * The metadata of the gateway as a whole (`suffix` empty) or, if the policy has several resource servers, of one of
 * them. `resource` is the gateway's origin with the suffix, because a client compares it with the URL that it asked
 * (RFC 9728 3.3). The issuer may know the resource by another name: the resource server's identifier.
 *
 * @param suffix what follows the well-known path: empty, or `/` and a resource server's suffix
 * @param origin the gateway's own origin
 * @returns `undefined` if there is no such resource
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
  const fullNames = described.flatMap((server) => server.scopes);
  const scopes = issuerScopeNames(policy, fullNames);
  return {
    resource: origin + suffix,
    ...(issuers.length > 0 && { authorization_servers: issuers }),
    ...(scopes.length > 0 && { scopes_supported: scopes }),
    bearer_methods_supported: ["header"],
    ...(name === undefined ? {} : { resource_name: name }),
  };
}
