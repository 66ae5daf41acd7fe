import { describe, expect, it } from "vitest";
import { protectedResource } from "../../src/endpoints/protected-resource.ts";
import {
  API,
  type Declared,
  EXAMPLE_SCOPES,
  ISSUER_URL,
  issuerOf,
  policyOf,
} from "../support/policy/example-policy.ts";

const ORIGIN = "https://gw.example";
const SEVERAL: Declared = {
  "https://orders.example/v1": { read: [], write: [] },
  "urn:example:stock": { count: [] },
  plain: { all: [] },
};

describe("protectedResource with one resource server", () => {
  const policy = policyOf([issuerOf()], EXAMPLE_SCOPES);

  it("describes the gateway", () => {
    expect(protectedResource(policy, "", ORIGIN)).toEqual({
      resource: ORIGIN,
      authorization_servers: [ISSUER_URL],
      scopes_supported: ["read:products", "write:products", "read:orders", "write:orders"].map(
        (name) => `${API}/${name}`,
      ),
      bearer_methods_supported: ["header"],
      resource_name: `The API ${API}`,
    });
  });

  it.each(["/", "/api.myecommerce.com", `/${API}`, "x"])("describes nothing else, such as '%s'", (suffix) => {
    expect(protectedResource(policy, suffix, ORIGIN)).toBeUndefined();
  });
});

describe("protectedResource with several resource servers", () => {
  const policy = policyOf([issuerOf(), issuerOf({ name: "b", issuer: "https://b.example" })], SEVERAL);

  it("describes the gateway with all their scopes, and no name", () => {
    expect(protectedResource(policy, "", ORIGIN)).toEqual({
      resource: ORIGIN,
      authorization_servers: [ISSUER_URL, "https://b.example"],
      scopes_supported: [
        "https://orders.example/v1/read",
        "https://orders.example/v1/write",
        "urn:example:stock/count",
        "plain/all",
      ],
      bearer_methods_supported: ["header"],
    });
  });

  it.each([
    { identifier: "https://orders.example/v1", suffix: "/orders.example/v1", scopes: ["read", "write"] },
    { identifier: "urn:example:stock", suffix: "/example:stock", scopes: ["count"] },
    { identifier: "plain", suffix: "/plain", scopes: ["all"] },
  ])("describes $identifier under $suffix", ({ identifier, suffix, scopes }) => {
    expect(protectedResource(policy, suffix, ORIGIN)).toEqual({
      resource: ORIGIN + suffix,
      authorization_servers: [ISSUER_URL, "https://b.example"],
      scopes_supported: scopes.map((name) => `${identifier}/${name}`),
      bearer_methods_supported: ["header"],
      resource_name: `The API ${identifier}`,
    });
  });

  it.each(["/", "/orders.example", "/orders.example/v1/", "/orders.example/v1/read", "/PLAIN", "plain"])(
    "knows no resource '%s'",
    (suffix) => {
      expect(protectedResource(policy, suffix, ORIGIN)).toBeUndefined();
    },
  );
});

it("leaves out the name of a resource server that has none", () => {
  const policy = policyOf();
  const server = { identifier: API, name: undefined, scopes: [] };
  const nameless = protectedResource({ ...policy, resourceServers: new Map([[API, server]]) }, "", ORIGIN);
  expect(nameless).not.toHaveProperty("resource_name");
});

it("leaves out lists that would be empty", () => {
  expect(protectedResource(policyOf([], {}), "", ORIGIN)).toEqual({
    resource: ORIGIN,
    bearer_methods_supported: ["header"],
  });
});

it("names scopes as the accepted issuers do", () => {
  const policy = policyOf([issuerOf({ scopeNames: "short" })], EXAMPLE_SCOPES);
  expect(protectedResource(policy, "", ORIGIN)?.scopes_supported).toEqual([
    "read:products",
    "write:products",
    "read:orders",
    "write:orders",
  ]);
});
