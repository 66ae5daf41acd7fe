import { describe, expect, it } from "vitest";
import { mergeSettings } from "../../../src/cli/cognito/merge-settings.ts";
import type { CognitoSettings } from "../../../src/cli/cognito/settings.ts";
import { exampleFile } from "../../support/cli/run-scopegate.ts";

const API = "https://api.myecommerce.com";
const SETTINGS: CognitoSettings = {
  servers: [
    {
      identifier: API,
      name: "E-commerce API",
      scopes: { "read:orders": "Read orders", "write:orders": "Write orders" },
    },
  ],
  clients: [],
  userPoolId: "eu-central-1_A1b2C3d4E",
};

describe("the clients of a pool that is one of several issuers", () => {
  const issuers = {
    pool: {
      issuer: "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_A1b2C3d4E",
      profile: "cognito" as const,
    },
    old: { issuer: "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_OLD", profile: "cognito" as const },
  };
  const web = { id: "4kq7", knownBy: "id" as const, scopes: [`${API}/read:orders`] };
  const scopes = ["read:orders"];
  it.each([
    { name: "are registered under it", clients: {}, expected: { "4kq7": { issuer: "pool", scopes } } },
    {
      name: "are found by their ids",
      clients: { web: { id: "4kq7", issuer: "pool", scopes: [] } },
      expected: { web: { id: "4kq7", issuer: "pool", scopes } },
    },
    {
      name: "leave those of another issuer alone, although they have the same id",
      clients: { "4kq7": { issuer: "old", scopes: [] } },
      expected: { "4kq7": { issuer: "old", scopes: [] }, "4kq7 (pool)": { id: "4kq7", issuer: "pool", scopes } },
    },
  ])("$name", ({ clients, expected }) => {
    expect(mergeSettings({ issuers, clients }, { ...SETTINGS, clients: [web] }).file.clients).toEqual(expected);
  });

  it("are registered under no issuer if it is not clear which is the pool, so that the policy is refused", () => {
    const { file } = mergeSettings({ issuers, clients: {} }, { ...SETTINGS, clients: [web], userPoolId: undefined });
    expect(file.clients).toEqual({ "4kq7": { scopes } });
  });

  it("are found by their ids under the only issuer, too", () => {
    const clients = { web: { id: "4kq7", issuer: "pool", scopes: [] } };
    const { file } = mergeSettings({ issuers: { pool: issuers.pool }, clients }, { ...SETTINGS, clients: [web] });
    expect(file.clients).toEqual({ web: { id: "4kq7", issuer: "pool", scopes } });
  });
});

describe("mergeSettings", () => {
  it("leaves alone what Cognito does not know, and says so", () => {
    const { file, remarks } = mergeSettings(
      {
        resourceServers: {
          [API]: {
            name: "Shop",
            scopes: { "read:orders": { description: "Old", implies: ["list:orders"] }, "list:orders": "List" },
          },
        },
        clients: { other: { scopes: [`${API}/list:orders`] } },
      },
      SETTINGS,
    );
    expect(file).toEqual({
      issuers: {
        cognito: {
          issuer: "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_A1b2C3d4E",
          profile: "cognito",
        },
      },
      resourceServers: {
        [API]: {
          name: "E-commerce API",
          scopes: {
            "read:orders": { description: "Read orders", implies: ["list:orders"] },
            "list:orders": "List",
            "write:orders": "Write orders",
          },
        },
      },
      clients: { other: { scopes: [`${API}/list:orders`] } },
    });
    expect(remarks).toEqual([`Cognito has no scope \`${API}/list:orders\`.`]);
  });

  it.each([
    {
      name: "the same scopes in another spelling stay as they are",
      scopes: [`${API}/write:orders`, "read:orders"],
      expected: [`${API}/write:orders`, "read:orders"],
    },
    {
      name: "scopes that were taken away are taken away",
      scopes: ["read:orders", "write:orders", "read:products"],
      expected: ["read:orders", "write:orders"],
    },
  ])("$name", ({ scopes, expected }) => {
    const { file } = mergeSettings(
      { ...exampleFile(), issuers: {}, clients: { c: { scopes } } },
      {
        servers: [],
        clients: [{ id: "c", scopes: [`${API}/read:orders`, `${API}/write:orders`], knownBy: "id" }],
        userPoolId: undefined,
      },
    );
    expect(file.clients).toEqual({ c: { scopes: expected } });
  });

  const client = (scopes: string[], knownBy: "id" | "name" | "label" = "id") => ({ id: "c", scopes, knownBy });

  it("keeps what an entry has besides its scopes", () => {
    const file = { ...exampleFile(), issuers: {}, clients: { c: { scopes: [], name: "Batch" } } };
    const settings = { servers: [], clients: [client([`${API}/read:orders`])], userPoolId: undefined };
    expect(mergeSettings(file, settings).file.clients).toEqual({ c: { scopes: ["read:orders"], name: "Batch" } });
  });

  it.each([
    {
      name: "is written for a new client",
      title: "Web shop",
      clients: {},
      expected: { c: { name: "Web shop", scopes: [] } },
    },
    {
      name: "is written for a registration without a name",
      title: "Web shop",
      clients: { c: { scopes: [] } },
      expected: { c: { name: "Web shop", scopes: [] } },
    },
    {
      name: "does not replace the policy's own name",
      title: "Web shop",
      clients: { c: { name: "Shop", scopes: [] } },
      expected: { c: { name: "Shop", scopes: [] } },
    },
    {
      name: "is not written if it is the client's key",
      title: "web",
      clients: { web: { id: "c", scopes: [] } },
      expected: { web: { id: "c", scopes: [] } },
    },
    { name: "that is the id is not written", title: "c", clients: {}, expected: { c: { scopes: [] } } },
    { name: "is not made up", title: undefined, clients: {}, expected: { c: { scopes: [] } } },
  ])("a client's name in Cognito $name", ({ title, clients, expected }) => {
    const settings = {
      servers: [],
      clients: [{ ...client([]), ...(title && { name: title }) }],
      userPoolId: undefined,
    };
    const { file } = mergeSettings({ ...exampleFile(), issuers: {}, clients }, settings);
    expect(file.clients).toEqual(expected);
    // A second import changes nothing.
    expect(mergeSettings(file, settings).file).toEqual(file);
  });

  it.each([
    { name: "of an unknown resource server", scope: "gone/read", undeclared: ["gone/read"] },
    { name: "without a resource server", scope: "read:orders", undeclared: ["read:orders"] },
    { name: "of OpenID Connect", scope: "openid", undeclared: [] },
    { name: "of Cognito itself", scope: "aws.cognito.signin.user.admin", undeclared: [] },
  ])("leaves out a scope $name, and names it unless it means nothing to a policy", ({ scope, undeclared }) => {
    const settings = { servers: [], clients: [client([scope])], userPoolId: undefined };
    const merge = mergeSettings({ ...exampleFile(), issuers: {} }, settings);
    expect(merge.file.clients).toMatchObject({ c: { scopes: [] } });
    expect(merge).toMatchObject({ undeclared });
    expect(merge.remarks).toEqual(undeclared.map((name) => expect.stringContaining(`\`${name}\``)));
  });

  it.each([
    { knownBy: "id" as const, isKnown: false, remarks: [] },
    { knownBy: "name" as const, isKnown: false, remarks: [expect.stringContaining("under its name.")] },
    {
      knownBy: "label" as const,
      isKnown: false,
      remarks: [expect.stringContaining("under its label, because it has no name.")],
    },
    { knownBy: "label" as const, isKnown: true, remarks: [] },
  ] as const)(
    "says that a new client's $knownBy is not its id, if it is known: $isKnown",
    ({ knownBy, isKnown, remarks }) => {
      const file = { ...exampleFile(), issuers: {}, clients: isKnown ? { c: { scopes: [] } } : {} };
      const settings = { servers: [], clients: [client([], knownBy)], userPoolId: undefined };
      expect(mergeSettings(file, settings).remarks).toEqual(remarks);
    },
  );

  it.each([
    { name: "another", issuer: "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_other", isNamed: true },
    {
      name: "the same",
      issuer: `https://cognito-idp.eu-central-1.amazonaws.com/${SETTINGS.userPoolId}`,
      isNamed: false,
    },
    { name: "an unknown", issuer: "$" + "{ISSUER_URL}", isNamed: false },
  ])("says if the policy is for another user pool: $name", ({ issuer, isNamed }) => {
    const file = { issuers: { pool: { issuer, profile: "cognito" as const } } };
    const { remarks } = mergeSettings(file, { ...SETTINGS, servers: [] });
    expect(remarks.some((remark) => remark.startsWith("No issuer"))).toBe(isNamed);
  });

  it("takes __proto__ for a name like any other", () => {
    const servers = [{ identifier: "__proto__", name: undefined, scopes: { read: "" } }];
    const { file } = mergeSettings({}, { servers, clients: [client(["__proto__/read"])], userPoolId: undefined });
    expect(JSON.stringify(file)).toBe(
      '{"resourceServers":{"__proto__":{"scopes":{"read":""}}},"clients":{"c":{"scopes":["read"]}}}',
    );
  });
});
