import { issuerScopeNames } from "../answer/issuer-scope-names.ts";
import { listedIss } from "../policy/issuers/tenants.ts";
import type { DpopSettings, Issuer, ServedPolicy } from "../policy/policy.ts";
import { hostKey } from "../policy/routing/served-hosts.ts";

/** Protected resource metadata (RFC 9728 2): the members that follow from the policy. Lists are never empty (3.2). */
export interface ProtectedResourceMetadata {
  readonly resource: string;
  readonly authorization_servers?: readonly string[];
  readonly scopes_supported?: readonly string[];
  readonly bearer_methods_supported: readonly ["header"];
  readonly resource_name?: string;
  /** Left out: no issuer that is accepted here may bind its tokens by DPoP (RFC 9449). */
  readonly dpop_signing_alg_values_supported?: readonly string[];
  /** Left out: some issuer that is accepted here has tokens without such a binding. */
  readonly dpop_bound_access_tokens_required?: true;
  /** Left out: not every issuer that is accepted here may bind its tokens to client certificates (RFC 8705 3). */
  readonly tls_client_certificate_bound_access_tokens?: true;
}

/**
 * The protected resources at one of the gateway's origins, by path. Where routes name hosts, each host has its own: a
 * document names nothing that only other hosts serve.
 */
export function resourcesAt({ byHost, resources }: ServedPolicy, origin: string): ServedPolicy["resources"] {
  return byHost?.get(hostKey(new URL(origin).hostname))?.resources ?? resources;
}

/**
 * The metadata of one protected resource: the issuers that its routes accept, and the scopes that the routes mention,
 * by the names that these issuers know. `resource` is the identifier, from which a client made the URL that it asked
 * (RFC 9728 3.3). An issuer may know the resource by another name: the resource server's identifier. Each listed tenant
 * is an authorization server; an issuer that accepts any tenant cannot be named.
 *
 * @param path what follows the well-known path: the resource's own path, or empty for the origin
 * @param origin the gateway's own origin
 * @returns `undefined` if there is no such resource
 */
export function protectedResource(
  policy: ServedPolicy,
  path: string,
  origin: string,
): ProtectedResourceMetadata | undefined {
  const resource = resourcesAt(policy, origin).get(path);
  if (resource === undefined) return undefined;
  const { name } = resource;
  const accepted = [...policy.issuers.values()].filter(({ name }) => resource.issuers?.includes(name) ?? true);
  const issuers = resource.acceptsTokens ? accepted.flatMap(listedIss) : [];
  const scopes = issuerScopeNames(policy, resource.scopes, resource.issuers);
  return {
    resource: origin + path,
    ...(issuers.length > 0 && { authorization_servers: issuers }),
    ...(scopes.length > 0 && { scopes_supported: scopes }),
    bearer_methods_supported: ["header"],
    ...(name === undefined ? {} : { resource_name: name }),
    ...(resource.acceptsTokens && accepted.length > 0 && accepted.every(takesCertificates)
      ? { tls_client_certificate_bound_access_tokens: true }
      : {}),
    ...(policy.dpop && resource.acceptsTokens ? proofMetadata(accepted, policy.dpop) : {}),
  };
}

function takesCertificates({ binding }: Issuer): boolean {
  return binding !== undefined && binding.mtls !== "refused";
}

function proofMetadata(accepted: readonly Issuer[], { algorithms }: DpopSettings): Partial<ProtectedResourceMetadata> {
  if (accepted.every(({ binding }) => binding === undefined || binding.dpop === "refused")) return {};
  const isRequired = accepted.every(({ binding }) => binding?.dpop === "required" && binding.mtls === "refused");
  return {
    dpop_signing_alg_values_supported: algorithms,
    ...(isRequired && { dpop_bound_access_tokens_required: true }),
  };
}
