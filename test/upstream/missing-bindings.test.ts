import { describe, expect, it } from "vitest";
import { formatFault } from "../../src/policy/fault.ts";
import { missingBindings } from "../../src/upstream/missing-bindings.ts";
import { missingSecrets } from "../../src/upstream/missing-secrets.ts";
import { compiled, policyFileWith } from "../support/policy/policy-file.ts";

function faults(upstream: Readonly<Record<string, unknown>>, bindings: Readonly<Record<string, unknown>>) {
  const { upstreams } = compiled(policyFileWith({ upstreams: { orders: upstream } }));
  const secrets = missingSecrets(upstreams.values(), bindings, new Set(["JWKS"]));
  return [...missingBindings(upstreams.values(), bindings), ...secrets].map(formatFault);
}

describe("what an upstream needs of the Worker", () => {
  const erp = { url: "http://erp.internal", via: "ERP" };
  const keyed = (secret: string) => ({ url: "https://orders.example", headers: { "x-key": { secret } } });
  const bound = { fetch: async () => new Response() };
  const stored = { get: async () => "a" };
  const noBinding = "$.upstreams.orders.via: The Worker has no binding `ERP` that requests can go through.";
  const noSecret = '$.upstreams.orders.headers["x-key"].secret: The Worker has no secret `KEY`.';
  const unusable = '$.upstreams.orders.headers["x-key"].secret: The secret `KEY` is empty, or has a space at an end,';

  it.each<{ name: string; upstream: Record<string, unknown>; bindings: Record<string, unknown>; expected: string[] }>([
    { name: "a binding that is there", upstream: erp, bindings: { ERP: bound }, expected: [] },
    { name: "a binding that is missing", upstream: erp, bindings: {}, expected: [noBinding] },
    { name: "a text in its place", upstream: erp, bindings: { ERP: "http://erp" }, expected: [noBinding] },
    { name: "a secret in its place", upstream: erp, bindings: { ERP: stored }, expected: [noBinding] },
    { name: "a secret", upstream: keyed("KEY"), bindings: { KEY: "a" }, expected: [] },
    {
      name: "a secret of a store, which is read later",
      upstream: keyed("KEY"),
      bindings: { KEY: stored },
      expected: [],
    },
    { name: "a secret that is missing", upstream: keyed("KEY"), bindings: {}, expected: [noSecret] },
    { name: "a JSON value in its place", upstream: keyed("KEY"), bindings: { KEY: { a: 1 } }, expected: [noSecret] },
    { name: "null in its place", upstream: keyed("KEY"), bindings: { KEY: null }, expected: [noSecret] },
    { name: "an empty secret", upstream: keyed("KEY"), bindings: { KEY: "" }, expected: [unusable] },
    { name: "a secret with a line break", upstream: keyed("KEY"), bindings: { KEY: "s3cr3t\n" }, expected: [unusable] },
    { name: "a secret with a space", upstream: keyed("KEY"), bindings: { KEY: "s3cr3t " }, expected: [unusable] },
    {
      name: "the gateway's own store of keys",
      upstream: keyed("JWKS"),
      bindings: { JWKS: stored },
      expected: ['$.upstreams.orders.headers["x-key"].secret: `JWKS` belongs to the gateway itself.'],
    },
    { name: "a service, which fails its own requests only", upstream: { service: "ERP" }, bindings: {}, expected: [] },
  ])("is $name", ({ upstream, bindings, expected }) => {
    const found = faults(upstream, bindings);
    expect(found).toEqual(expected.map((text) => expect.stringContaining(text)));
    expect(found.join()).not.toContain("s3cr3t");
  });
});
