import { describe, expect, it } from "vitest";
import { resourceMetadataPath } from "../../src/answer/resource-metadata-path.ts";
import { protectedResource } from "../../src/endpoints/protected-resource.ts";
import type { Requirement } from "../../src/policy/policy.ts";
import { WELL_KNOWN_PATH } from "../../src/policy/routing/reserved-paths.ts";
import { API, type Declared, issuerOf, policyOf } from "../support/policy/example-policy.ts";

const ORIGIN = "https://gw.example";
const SEVERAL: Declared = {
  "https://orders.example/v1": { read: [], write: [] },
  "urn:example:stock": { count: [] },
  plain: { all: [] },
};

function requirementOf(...mentioned: readonly string[]): Requirement {
  const of = mentioned.map((name) => ({ kind: "scope", name }) as const);
  return { kind: "scopes", expression: { kind: "anyOf", of }, mentioned };
}

describe("resourceMetadataPath", () => {
  const one = policyOf();
  const several = policyOf([issuerOf()], SEVERAL);
  const gateway = WELL_KNOWN_PATH;

  it.each([
    { name: "without a route, the gateway's", policy: several, requirement: undefined, expected: gateway },
    {
      name: "of a public route, the gateway's",
      policy: several,
      requirement: { kind: "public" } as const,
      expected: gateway,
    },
    {
      name: "where any token will do, the gateway's",
      policy: several,
      requirement: { kind: "authenticated" } as const,
      expected: gateway,
    },
    {
      name: "with one resource server, the gateway's",
      policy: one,
      requirement: requirementOf(`${API}/read:orders`),
      expected: gateway,
    },
    {
      name: "of one resource server's scopes, that one's",
      policy: several,
      requirement: requirementOf("https://orders.example/v1/read", "https://orders.example/v1/write"),
      expected: `${gateway}/orders.example/v1`,
    },
    {
      name: "of several resource servers' scopes, the gateway's",
      policy: several,
      requirement: requirementOf("https://orders.example/v1/read", "plain/all"),
      expected: gateway,
    },
  ])("is, $name", ({ policy, requirement, expected }) => {
    expect(resourceMetadataPath(policy, requirement)).toBe(expected);
  });

  it("is where the metadata is served that names it", () => {
    const path = resourceMetadataPath(several, requirementOf("urn:example:stock/count"));
    const suffix = new URL(path, ORIGIN).pathname.slice(WELL_KNOWN_PATH.length);
    expect(protectedResource(several, suffix, ORIGIN)?.resource_name).toBe("The API urn:example:stock");
  });
});
