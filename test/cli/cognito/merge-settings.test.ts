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
        clients: [{ id: "c", scopes: [`${API}/read:orders`, `${API}/write:orders`] }],
        userPoolId: undefined,
      },
    );
    expect(file.clients).toEqual({ c: { scopes: expected } });
  });
});
