import { describe, expect, it } from "vitest";
import {
  keyAddressOf,
  knownIssuer,
  productByAddresses,
  refuseSharedTenant,
  tenantTemplate,
} from "../../../src/cli/discovery/known-issuers.ts";

const TENANT = "11111111-2222-3333-4444-555555555555";
const MICROSOFT = "https://login.microsoftonline.com";

describe("the address of the keys of a known product", () => {
  it.each([
    {
      issuer: "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_A1b2C3d4E",
      expected: {
        product: "Cognito",
        jwksUri: "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_A1b2C3d4E/.well-known/jwks.json",
      },
    },
    {
      issuer: "https://cognito-idp.cn-north-1.amazonaws.com.cn/cn-north-1_A1b2C3d4E",
      expected: {
        product: "Cognito",
        jwksUri: "https://cognito-idp.cn-north-1.amazonaws.com.cn/cn-north-1_A1b2C3d4E/.well-known/jwks.json",
      },
    },
    {
      issuer: "https://issuer-cognito-idp.eu-central-1.amazonaws.com/eu-central-1_A1b2C3d4E",
      expected: {
        product: "Cognito",
        jwksUri: "https://issuer-cognito-idp.eu-central-1.amazonaws.com/eu-central-1_A1b2C3d4E/.well-known/jwks.json",
      },
    },
    {
      issuer: "https://tenant.eu.auth0.com/",
      expected: { product: "Auth0", jwksUri: "https://tenant.eu.auth0.com/.well-known/jwks.json" },
    },
    {
      issuer: "https://id.example/auth/realms/shop",
      expected: {
        product: "Keycloak",
        jwksUri: "https://id.example/auth/realms/shop/protocol/openid-connect/certs",
      },
    },
    {
      issuer: "https://dev-1.okta.com/oauth2/default",
      expected: {
        product: "Okta",
        jwksUri: "https://dev-1.okta.com/oauth2/default/v1/keys",
        scopeClaim: "scp",
      },
    },
    {
      issuer: "https://dev-1.oktapreview.com",
      expected: {
        product: "Okta (the organization's own server)",
        jwksUri: "https://dev-1.oktapreview.com/oauth2/v1/keys",
        scopeClaim: "scp",
      },
    },
    {
      issuer: `${MICROSOFT}/${TENANT}/v2.0`,
      expected: { product: "Entra ID", jwksUri: `${MICROSOFT}/${TENANT}/discovery/v2.0/keys`, scopeClaim: "scp" },
    },
    {
      issuer: `https://sts.windows.net/${TENANT}/`,
      expected: {
        product: "Entra ID (version 1 tokens)",
        jwksUri: `${MICROSOFT}/${TENANT}/discovery/keys`,
        scopeClaim: "scp",
      },
    },
    {
      issuer: "https://accounts.google.com",
      expected: { product: "Google", jwksUri: "https://www.googleapis.com/oauth2/v3/certs" },
    },
    {
      issuer: `${MICROSOFT}/{tenant}/v2.0`,
      expected: {
        product: "Entra ID (several tenants)",
        jwksUri: `${MICROSOFT}/common/discovery/v2.0/keys`,
        scopeClaim: "scp",
      },
    },
    {
      issuer: "https://brave-cat-12.clerk.accounts.dev",
      expected: { product: "Clerk", jwksUri: "https://brave-cat-12.clerk.accounts.dev/.well-known/jwks.json" },
    },
    {
      issuer: "https://api.workos.com/user_management/client_01ABC",
      expected: { product: "WorkOS", jwksUri: "https://api.workos.com/sso/jwks/client_01ABC" },
    },
    {
      issuer: "https://acme-12.authkit.app",
      expected: { product: "WorkOS Connect", jwksUri: "https://acme-12.authkit.app/oauth2/jwks" },
    },
    {
      issuer: "https://acme-a1b2c3.us1.zitadel.cloud",
      expected: { product: "Zitadel", jwksUri: "https://acme-a1b2c3.us1.zitadel.cloud/oauth/v2/keys" },
    },
  ])("is known for $issuer", ({ issuer, expected }) => {
    expect(knownIssuer(issuer)).toEqual(expected);
  });

  it.each([
    "https://id.example",
    "https://id.example/realms",
    "https://id.example/realms/a/b",
    "https://id.example/realms/a?x",
    "https://cognito-idp.eu-central-1.amazonaws.com.example/pool",
    "https://cognito-idp.eu-central-1.amazonaws.com/a/b",
    "https://tenant.auth0.com.example/",
    "https://tenant.auth0.com",
    "https://okta.com.example/oauth2/default",
    "http://dev-1.okta.com/oauth2/default",
    `${MICROSOFT}/common/v2.0`,
    `${MICROSOFT}/${TENANT}`,
    "https://accounts.google.com/",
    "https://accounts.google.com.example",
    "https://issuer.cognito-idp.eu-central-1.amazonaws.com/pool",
    "https://clerk.accounts.dev",
    "https://brave-cat-12.clerk.accounts.dev/",
    "https://api.workos.com",
    "https://api.workos.com/user_management/client_01ABC/",
    "https://authkit.app",
    "https://zitadel.cloud",
    `${MICROSOFT}/{tenantid}/v2.0`,
  ])("is unknown for %s", (issuer) => {
    expect(knownIssuer(issuer)).toBeUndefined();
  });
});

describe("the product of an issuer on a domain of its own", () => {
  const ISSUER = "https://id.example";

  it.each([
    { product: "Keycloak", jwksUri: `${ISSUER}/protocol/openid-connect/certs`, userinfo: undefined },
    { product: "Zitadel", jwksUri: `${ISSUER}/oauth/v2/keys`, userinfo: "/oidc/v1/userinfo" },
    { product: "Okta", jwksUri: `${ISSUER}/v1/keys`, userinfo: "/v1/userinfo" },
    { product: "WorkOS Connect", jwksUri: `${ISSUER}/oauth2/jwks`, userinfo: "/oauth2/userinfo" },
    { product: "Auth0", jwksUri: `${ISSUER}/.well-known/jwks.json`, userinfo: "/userinfo" },
    { product: "Clerk", jwksUri: `${ISSUER}/.well-known/jwks.json`, userinfo: "/oauth/userinfo" },
  ] as const)("is told by the addresses in its metadata: $product", ({ product, jwksUri, userinfo }) => {
    const userinfoEndpoint = userinfo && ISSUER + userinfo;
    expect(productByAddresses(ISSUER, { jwksUri, userinfoEndpoint })).toBe(product);
    expect(productByAddresses(`${ISSUER}/`, { jwksUri, userinfoEndpoint })).toBe(product);
    expect(keyAddressOf(product, ISSUER)).toBe(jwksUri);
    expect(keyAddressOf(product, `${ISSUER}/`)).toBe(jwksUri);
  });

  it.each([
    { name: "other keys", jwksUri: `${ISSUER}/keys`, userinfoEndpoint: `${ISSUER}/userinfo` },
    { name: "usual keys and no userinfo", jwksUri: `${ISSUER}/.well-known/jwks.json`, userinfoEndpoint: undefined },
    { name: "the keys of another host", jwksUri: "https://keys.example/oauth/v2/keys", userinfoEndpoint: undefined },
    {
      name: "userinfo on another host",
      jwksUri: `${ISSUER}/v1/keys`,
      userinfoEndpoint: "https://a.example/v1/userinfo",
    },
  ])("is not told by $name", ({ jwksUri, userinfoEndpoint }) => {
    expect(productByAddresses(ISSUER, { jwksUri, userinfoEndpoint })).toBeUndefined();
  });

  it("does not tell the address of the keys if its keys are elsewhere", () => {
    expect(keyAddressOf("Google", ISSUER)).toBeUndefined();
    expect(keyAddressOf("WorkOS", ISSUER)).toBeUndefined();
  });
});

describe("the issuer for several tenants", () => {
  it.each([`${MICROSOFT}/common/v2.0`, `${MICROSOFT}/organizations/v2.0`, `${MICROSOFT}/${TENANT}/v2.0`])(
    "is a template: %s",
    (issuer) => {
      const template = `${MICROSOFT}/{tenant}/v2.0`;
      expect(tenantTemplate(issuer)).toBe(template);
      expect(tenantTemplate(template)).toBe(template);
    },
  );

  it.each([
    `${MICROSOFT}/consumers/v2.0`,
    `${MICROSOFT}/common`,
    `https://sts.windows.net/${TENANT}/`,
    "https://a.example",
  ])("does not exist for %s", (issuer) => {
    expect(tenantTemplate(issuer)).toBeUndefined();
  });
});

describe("an address of Entra ID", () => {
  it.each(["common/v2.0", "organizations/v2.0", "consumers", "common"])("for any tenant is refused: %s", (path) => {
    expect(refuseSharedTenant(`${MICROSOFT}/${path}`)).toMatchObject({ ok: false });
  });

  it.each([`${MICROSOFT}/${TENANT}/v2.0`, `${MICROSOFT}/commons/v2.0`, "https://id.example/common/v2.0"])(
    "for one tenant is not: %s",
    (issuer) => {
      expect(refuseSharedTenant(issuer)).toEqual({ ok: true, value: issuer });
    },
  );
});
