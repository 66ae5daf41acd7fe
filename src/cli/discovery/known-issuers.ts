import { type FaultText, fault, type Result, success } from "../../result.ts";

/** The products whose issuers are known, as people call them. */
export type Product =
  | "Cognito"
  | "Auth0"
  | "Keycloak"
  | "Okta"
  | "Okta (the organization's own server)"
  | "Entra ID"
  | "Entra ID (several tenants)"
  | "Entra ID (version 1 tokens)"
  | "Google"
  | "Clerk"
  | "WorkOS"
  | "WorkOS Connect"
  | "Zitadel";

/** What is known about the issuers of a product from the form of their `iss` alone. */
export interface KnownIssuer {
  readonly product: Product;
  /** The address of the key set. */
  readonly jwksUri: string;
  /** The claim with the scopes of its access tokens, where it is not `scope`. */
  readonly scopeClaim?: string;
}

interface Shape {
  readonly product: Product;
  /** Matches the whole issuer. */
  readonly pattern: RegExp;
  /** The address of the key set, with the groups of the pattern. */
  readonly jwksUri: string;
  readonly scopeClaim?: string;
}

const GUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";
const ENTRA_HOST = "login\\.microsoftonline\\.(?:com|us)|login\\.partner\\.microsoftonline\\.cn";
const OKTA_HOST = "[a-z0-9-]+\\.(?:okta|oktapreview|okta-emea|okta-gov)\\.com";

/**
 * Only forms that a product documents. Except for Keycloak, a product on a domain of one's own looks like any issuer.
 */
const SHAPES: readonly Shape[] = [
  {
    product: "Cognito",
    // A pool has one of two hosts, by its setting `Issuer`.
    pattern: /^(https:\/\/(?:issuer-)?cognito-idp\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?\/[\w-]+)$/,
    jwksUri: "$1/.well-known/jwks.json",
  },
  {
    product: "Auth0",
    pattern: /^(https:\/\/[a-z0-9-]+(?:\.[a-z0-9-]+)?\.auth0\.com)\/$/,
    jwksUri: "$1/.well-known/jwks.json",
  },
  { product: "Keycloak", pattern: /^(\S+\/realms\/[^/?#\s]+)$/, jwksUri: "$1/protocol/openid-connect/certs" },
  {
    product: "Okta",
    pattern: new RegExp(`^(https://(?:${OKTA_HOST})/oauth2/[A-Za-z0-9]+)$`),
    jwksUri: "$1/v1/keys",
    scopeClaim: "scp",
  },
  {
    product: "Okta (the organization's own server)",
    pattern: new RegExp(`^(https://(?:${OKTA_HOST}))$`),
    jwksUri: "$1/oauth2/v1/keys",
    scopeClaim: "scp",
  },
  {
    product: "Entra ID",
    pattern: new RegExp(`^(https://(?:${ENTRA_HOST})/${GUID})/v2\\.0$`),
    jwksUri: "$1/discovery/v2.0/keys",
    scopeClaim: "scp",
  },
  {
    product: "Entra ID (several tenants)",
    pattern: new RegExp(`^(https://(?:${ENTRA_HOST}))/\\{tenant\\}/v2\\.0$`),
    jwksUri: "$1/common/discovery/v2.0/keys",
    scopeClaim: "scp",
  },
  {
    product: "Entra ID (version 1 tokens)",
    pattern: new RegExp(`^https://sts\\.windows\\.net/(${GUID})/$`),
    jwksUri: "https://login.microsoftonline.com/$1/discovery/keys",
    scopeClaim: "scp",
  },
  {
    product: "Google",
    pattern: /^https:\/\/accounts\.google\.com$/,
    jwksUri: "https://www.googleapis.com/oauth2/v3/certs",
  },
  {
    product: "Clerk",
    pattern: /^(https:\/\/[a-z0-9-]+\.clerk\.accounts\.dev)$/,
    jwksUri: "$1/.well-known/jwks.json",
  },
  {
    product: "WorkOS",
    pattern: /^https:\/\/api\.workos\.com\/user_management\/(client_[A-Za-z0-9]+)$/,
    jwksUri: "https://api.workos.com/sso/jwks/$1",
  },
  {
    product: "WorkOS Connect",
    pattern: /^(https:\/\/[a-z0-9-]+\.authkit\.app)$/,
    jwksUri: "$1/oauth2/jwks",
  },
  {
    product: "Zitadel",
    pattern: /^(https:\/\/[a-z0-9-]+(?:\.[a-z0-9-]+)?\.zitadel\.cloud)$/,
    jwksUri: "$1/oauth/v2/keys",
  },
];

/** The addresses in the metadata of a product, below the issuer. They also tell a product on a domain of one's own. */
const ADDRESSES: readonly { readonly product: Product; readonly keys: string; readonly userinfo?: string }[] = [
  { product: "Keycloak", keys: "/protocol/openid-connect/certs" },
  { product: "Zitadel", keys: "/oauth/v2/keys" },
  { product: "Okta", keys: "/v1/keys", userinfo: "/v1/userinfo" },
  { product: "WorkOS Connect", keys: "/oauth2/jwks" },
  { product: "Auth0", keys: "/.well-known/jwks.json", userinfo: "/userinfo" },
  { product: "Clerk", keys: "/.well-known/jwks.json", userinfo: "/oauth/userinfo" },
];

/** The product that an issuer belongs to; `undefined` if its form says nothing. Nothing is fetched. */
export function knownIssuer(issuer: string): KnownIssuer | undefined {
  const shape = SHAPES.find(({ pattern }) => pattern.test(issuer));
  if (shape === undefined) return undefined;
  const { product, pattern, jwksUri, scopeClaim } = shape;
  return { product, jwksUri: issuer.replace(pattern, jwksUri), ...(scopeClaim !== undefined && { scopeClaim }) };
}

/** The address of the keys of a product on a domain of one's own; `undefined` for products that have none there. */
export function keyAddressOf(product: Product, issuer: string): string | undefined {
  const addresses = ADDRESSES.find((it) => it.product === product);
  return addresses && issuer.replace(/\/$/, "") + addresses.keys;
}

/**
 * The product that an issuer belongs to, by the addresses that its metadata names; `undefined` if they say nothing.
 * This is a guess that settings are proposed from: another product may have the same addresses.
 */
export function productByAddresses(
  issuer: string,
  { jwksUri, userinfoEndpoint }: { readonly jwksUri: string; readonly userinfoEndpoint: string | undefined },
): Product | undefined {
  const base = issuer.replace(/\/$/, "");
  return ADDRESSES.find(
    ({ keys, userinfo }) => jwksUri === base + keys && (userinfo === undefined || userinfoEndpoint === base + userinfo),
  )?.product;
}

/**
 * The issuer of Entra ID for several tenants, as `routes.json` has it, for an address that stands for any tenant or for
 * one; `undefined` if it is not an address of Entra ID.
 */
export function tenantTemplate(issuer: string): string | undefined {
  const host = new RegExp(`^(https://(?:${ENTRA_HOST}))/(?:common|organizations|\\{tenant\\}|${GUID})/v2\\.0$`);
  const [, origin] = host.exec(issuer) ?? [];
  return origin && `${origin}/{tenant}/v2.0`;
}

/**
 * Refuses the addresses of Entra ID that stand for any tenant. Tokens name the tenant by its id instead, so no token
 * would be accepted.
 */
export function refuseSharedTenant(issuer: string): Result<string, FaultText> {
  if (!new RegExp(`^https://(?:${ENTRA_HOST})/(?:common|organizations|consumers)(?:/|$)`).test(issuer)) {
    return success(issuer);
  }
  return fault(
    "Tokens of Entra ID name a tenant by its id, so no token has this issuer.",
    "For example: https://login.microsoftonline.com/11111111-2222-3333-4444-555555555555/v2.0. For several tenants, " +
      "give their ids as --tenant.",
  );
}
