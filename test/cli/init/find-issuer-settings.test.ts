import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CommandError } from "../../../src/cli/args/exit-code.ts";
import { acceptedAlgorithms, findIssuerSettings } from "../../../src/cli/init/find-issuer-settings.ts";
import { PROFILES } from "../../../src/policy/profiles.ts";
import { type LoopbackIssuer, startLoopbackIssuer } from "../../support/cli/loopback-issuer.ts";

const ONLINE = { jwksUri: undefined, isOffline: false };
const OFFLINE = { jwksUri: undefined, isOffline: true };
const METADATA = "/.well-known/openid-configuration";

let server: LoopbackIssuer;
beforeAll(async () => {
  server = await startLoopbackIssuer();
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
});

describe("the settings of an issuer", () => {
  it.each([
    {
      name: "Keycloak's address of keys",
      path: "/realms/shop",
      keys: "/realms/shop/protocol/openid-connect/certs",
      product: "Keycloak",
      expected: "/realms/shop/protocol/openid-connect/certs",
    },
    {
      name: "Okta's address of keys",
      path: "/oauth2/default",
      keys: "/oauth2/default/v1/keys",
      expected: "/oauth2/default/v1/keys",
    },
    {
      name: "the default address, which is left out",
      path: "/pool",
      keys: "/pool/.well-known/jwks.json",
      expected: undefined,
    },
    {
      name: "the default address below a slash",
      path: "/tenant/",
      keys: "/tenant/.well-known/jwks.json",
      expected: undefined,
    },
    {
      name: "the address of keys of Zitadel, which its metadata tells",
      path: "/zitadel",
      keys: "/zitadel/oauth/v2/keys",
      product: "Zitadel",
      expected: "/zitadel/oauth/v2/keys",
    },
  ])("are $name from its metadata", async ({ path, keys, product, expected }) => {
    const issuer = `${server.origin}${path}`;
    const url = `${issuer.replace(/\/$/, "")}${METADATA}`;
    server.answer(url.slice(server.origin.length), { issuer, jwks_uri: `${server.origin}${keys}` });
    expect(await findIssuerSettings(issuer, ONLINE)).toEqual({
      settings: expected === undefined ? {} : { jwksUri: `${server.origin}${expected}` },
      ...(product && { product }),
      remarks: [`The address of the keys comes from ${url}.`],
      isDiscovered: true,
    });
  });

  it("are the algorithms that it offers for ID tokens, and a remark says so", async () => {
    const issuer = `${server.origin}/algorithms`;
    server.answer(`/algorithms${METADATA}`, {
      issuer,
      jwks_uri: `${issuer}/keys`,
      id_token_signing_alg_values_supported: ["HS256", "none", "RS256", "PS256"],
    });
    expect(await findIssuerSettings(issuer, ONLINE)).toMatchObject({
      settings: { algorithms: ["RS256", "PS256"] },
      remarks: [expect.anything(), expect.stringContaining("RS256, PS256 for ID tokens")],
    });
  });

  it.each([
    {
      issuer: "https://id.example/realms/shop",
      jwksUri: "https://id.example/realms/shop/protocol/openid-connect/certs",
    },
    { issuer: "https://tenant.auth0.com/", jwksUri: undefined },
    { issuer: "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_A1b2C3d4E", jwksUri: undefined },
    { issuer: "https://accounts.google.com", jwksUri: "https://www.googleapis.com/oauth2/v3/certs" },
  ])("are those of a known product, offline: $issuer", async ({ issuer, jwksUri }) => {
    const found = await findIssuerSettings(issuer, OFFLINE);
    expect(found).toMatchObject({
      isDiscovered: false,
      remarks: [expect.stringContaining("is assumed to be that of")],
    });
    expect(found.settings).toEqual(jwksUri === undefined ? {} : { jwksUri });
  });

  it("are the scope claim of a known product as well", async () => {
    const found = await findIssuerSettings("https://dev-1.okta.com/oauth2/default", OFFLINE);
    expect(found.settings).toEqual({ jwksUri: "https://dev-1.okta.com/oauth2/default/v1/keys", scopeClaim: "scp" });
    expect(found.remarks).toContainEqual(expect.stringContaining("`scp`"));
  });

  it("are those of a known product if the metadata cannot be read, and a remark says so", async () => {
    const issuer = `${server.origin}/realms/unreadable`;
    expect(await findIssuerSettings(issuer, ONLINE)).toEqual({
      settings: { jwksUri: `${issuer}/protocol/openid-connect/certs` },
      product: "Keycloak",
      remarks: [expect.stringContaining("cannot be read"), expect.stringContaining("assumed to be that of Keycloak")],
      isDiscovered: false,
    });
  });

  it("are those of the product that the user gave, if nothing else tells them", async () => {
    const issuer = `${server.origin}/clerk`;
    expect(await findIssuerSettings(issuer, { ...ONLINE, product: "Zitadel" })).toMatchObject({
      settings: { jwksUri: `${issuer}/oauth/v2/keys` },
      remarks: [expect.stringContaining("cannot be read"), expect.stringContaining("assumed to be that of Zitadel")],
      isDiscovered: false,
    });
    expect(await findIssuerSettings(issuer, { ...OFFLINE, product: "Clerk" })).toMatchObject({ settings: {} });
  });

  it("are not asked for several tenants, because that metadata is for no issuer that a token has", async () => {
    const issuer = "https://login.microsoftonline.com/{tenant}/v2.0";
    expect(await findIssuerSettings(issuer, ONLINE)).toMatchObject({
      settings: { jwksUri: "https://login.microsoftonline.com/common/discovery/v2.0/keys" },
      product: "Entra ID (several tenants)",
      isDiscovered: false,
    });
  });

  it("are the address that the user gave, and nothing is fetched", async () => {
    const issuer = `${server.origin}/given`;
    const jwksUri = "https://keys.example/";
    const found = await findIssuerSettings(issuer, { ...ONLINE, jwksUri });
    expect(found).toEqual({ settings: { jwksUri }, remarks: [], isDiscovered: false });
    expect(server.asked.filter((path) => path.startsWith("/given"))).toEqual([]);
  });

  it.each([
    { name: "an unknown issuer, offline", path: "/unknown", options: OFFLINE, says: "--jwks-uri" },
    { name: "an unknown issuer without metadata", path: "/unknown", options: ONLINE, says: "--jwks-uri" },
    { name: "metadata for another issuer", path: "/realms/other", options: ONLINE, says: "for another issuer" },
  ])("are refused for $name", async ({ path, options, says }) => {
    server.answer(`/realms/other${METADATA}`, { issuer: "https://other.example", jwks_uri: "https://keys.example" });
    const found = findIssuerSettings(`${server.origin}${path}`, options);
    await expect(found).rejects.toThrow(CommandError);
    await expect(found).rejects.toThrow(says);
  });
});

describe("the algorithms to accept", () => {
  const { algorithms } = PROFILES.generic;

  it.each([
    { name: "are the default if nothing is offered", offered: [], expected: undefined },
    { name: "are the default if nothing usable is offered", offered: ["HS256", "none"], expected: undefined },
    {
      name: "are the default if all of it is offered",
      offered: [...algorithms, "HS512", "ES384"],
      expected: undefined,
    },
    { name: "are the part of the default that is offered", offered: ["RS256", "ES384"], expected: ["RS256"] },
    { name: "are what is offered if the default has none of it", offered: ["ES384", "HS256"], expected: ["ES384"] },
  ])("$name", ({ offered, expected }) => {
    expect(acceptedAlgorithms(algorithms, offered)).toEqual(expected);
  });
});
