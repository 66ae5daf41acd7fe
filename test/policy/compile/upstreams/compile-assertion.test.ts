import { describe, expect, it } from "vitest";
import { compiled, faultsOf, policyFileWith } from "../../../support/policy/policy-file.ts";

const ASSERTION = { issuer: "https://gateway.example", trustDomain: "internal.example", keys: { secret: "KEYS" } };
const file = (assertion: unknown) =>
  policyFileWith({ assertion, upstreams: { orders: { url: "https://orders.example", assertion: true } } });

describe("assertion", () => {
  it("has defaults", () => {
    expect(compiled(file(ASSERTION)).assertion).toEqual({
      issuer: "https://gateway.example",
      trustDomain: "internal.example",
      algorithm: "ES256",
      ttlSeconds: 60,
      secret: "KEYS",
      claims: [],
      bindsRequest: false,
    });
  });

  it("takes all members, with variables", () => {
    const all = {
      ...ASSERTION,
      issuer: "${" + "URL}",
      algorithm: "EdDSA",
      ttlSeconds: 300,
      claims: { tenant: "/org/id", "a/b": "https://claims.example/x" },
      bind: "request",
    };
    expect(compiled(file(all), { URL: "urn:example:gateway" }).assertion).toMatchObject({
      issuer: "urn:example:gateway",
      algorithm: "EdDSA",
      ttlSeconds: 300,
      claims: [
        { name: "tenant", claim: ["org", "id"] },
        { name: "a/b", claim: ["https://claims.example/x"] },
      ],
      bindsRequest: true,
    });
  });

  it("is left out where the file has none", () => {
    expect(Object.hasOwn(compiled(policyFileWith({})), "assertion")).toBe(false);
  });

  it.each([
    { change: { ttlSeconds: 0 }, fault: "$.assertion.ttlSeconds" },
    { change: { ttlSeconds: 301 }, fault: "$.assertion.ttlSeconds" },
    { change: { algorithm: "RS256" }, fault: "$.assertion.algorithm" },
    { change: { bind: "path" }, fault: "$.assertion.bind" },
    { change: { keys: {} }, fault: "$.assertion.keys" },
    { change: { keys: { secret: "no name" } }, fault: "$.assertion.keys.secret: This cannot be the name of a secret." },
    { change: { issuer: "a b" }, fault: "$.assertion.issuer: This is neither a URI nor a name." },
    { change: { trustDomain: "a:b c" }, fault: "$.assertion.trustDomain: This is neither a URI nor a name." },
    { change: { issuer: "https://issuer.example" }, fault: "$.assertion.issuer: This is an issuer of access tokens" },
    { change: { claims: { client_id: "azp" } }, fault: "$.assertion.claims.client_id: The gateway writes `client_id`" },
    { change: { claims: { tenant: "/a~2" } }, fault: "$.assertion.claims.tenant: This is not a JSON Pointer." },
    { change: { kid: "x" }, fault: "$.assertion.kid" },
  ])("is faulty with $change", ({ change, fault }) => {
    const faults = faultsOf(file({ ...ASSERTION, ...change }));
    expect(faults).toHaveLength(1);
    expect(faults[0]?.startsWith(fault)).toBe(true);
  });

  it("must be there if an upstream asks for assertions", () => {
    const upstreams = { orders: { url: "https://orders.example", assertion: true } };
    expect(faultsOf(policyFileWith({ upstreams }))).toEqual([
      "$.upstreams.orders.assertion: The policy has no `assertion`, so there is no key to sign with. Add `assertion` at the top of the file, or remove this member.",
    ]);
    const off = { orders: { url: "https://orders.example", assertion: false } };
    expect(faultsOf(policyFileWith({ upstreams: off }))).toEqual([]);
  });
});
