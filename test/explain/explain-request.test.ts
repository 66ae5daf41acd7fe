import { describe, expect, it } from "vitest";
import { assumedCaller } from "../../src/explain/caller.ts";
import { explainRequest } from "../../src/explain/explain-request.ts";
import { compiled, policyFileWith } from "../support/policy/policy-file.ts";

describe("what an explanation says the upstream gets", () => {
  const policy = compiled(
    policyFileWith({
      upstreams: {
        orders: { url: "https://orders.example" },
        legacy: { url: "https://legacy.example", allowHeaderNames: ["X_Legacy"], forwardAuthorization: true },
      },
      routes: [
        { path: "/orders", methods: ["GET"], authenticated: true, upstream: "orders" },
        { path: "/legacy", methods: ["GET"], authenticated: true, upstream: "legacy" },
        { path: "/open", methods: ["GET"], public: true, upstream: "legacy" },
      ],
    }),
  );

  it.each([
    { path: "/orders", legacy: undefined, authorization: undefined },
    { path: "/legacy", legacy: "(that of the caller, if any)", authorization: "Bearer (the caller's token)" },
    { path: "/open", legacy: "(that of the caller, if any)", authorization: undefined },
  ])("of the caller's headers at $path", async ({ path, legacy, authorization }) => {
    const caller = assumedCaller({ client: undefined, scopes: [] }, policy);
    const { forwarded } = await explainRequest(policy, { method: "GET", url: `https://gw.example${path}` }, caller);
    expect(forwarded?.headers["x_legacy"]).toBe(legacy);
    expect(forwarded?.headers["authorization"]).toBe(authorization);
  });
});
