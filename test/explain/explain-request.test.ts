import { describe, expect, it } from "vitest";
import { formatExplanation } from "../../src/cli/explain/format-explanation.ts";
import { coloursFor } from "../../src/cli/print/colours.ts";
import { assumedCaller, callerWithToken, nobody } from "../../src/explain/caller.ts";
import { explainRequest } from "../../src/explain/explain-request.ts";
import { compiled, policyFileWith, policyFileWithRoute } from "../support/policy/policy-file.ts";

describe("an explanation of an optional route", () => {
  const policy = compiled(
    policyFileWith({ routes: [{ path: "/feed", methods: ["GET"], optional: true, upstream: "orders" }] }),
  );
  const asked = { method: "GET", url: "https://gw.example/feed" };
  const stageOf = (stages: readonly { stage: string; outcome: string }[], name: string) =>
    stages.find(({ stage }) => stage === name)?.outcome;

  it("lets nobody in without reading a token", async () => {
    const { outcome, stages, requirement, forwarded } = await explainRequest(policy, asked, nobody);
    expect(outcome).toBe("forwarded");
    expect([stageOf(stages, "authenticate"), stageOf(stages, "authorize")]).toEqual(["not needed", "not needed"]);
    expect(requirement?.kind).toBe("optional");
    expect(Object.keys(forwarded?.headers ?? {}).filter((name) => name.startsWith("x-auth-"))).toEqual([]);
  });

  it("reads the token of a caller who sends one", async () => {
    const caller = assumedCaller({ client: undefined, scopes: [] }, policy);
    const { outcome, stages, forwarded } = await explainRequest(policy, asked, caller);
    expect(outcome).toBe("forwarded");
    expect([stageOf(stages, "authenticate"), stageOf(stages, "authorize")]).toEqual(["passed", "passed"]);
    expect(forwarded?.headers["x-auth-issuer"]).toBe("https://issuer.example");
  });

  it("refuses a bad token", async () => {
    const caller = callerWithToken("a.b.c", policy, undefined, Date.now());
    const { outcome, refusal } = await explainRequest(policy, asked, caller);
    expect([outcome, refusal?.reason]).toEqual(["refused", "token-malformed"]);
  });
});

describe("an explanation with revocation", () => {
  const policy = compiled(policyFileWith({ revocation: {} }));
  const asked = { method: "GET", url: "https://gw.example/orders" };

  it("says that it does not look the token up", async () => {
    const caller = assumedCaller({ client: undefined, scopes: ["read:orders"] }, policy);
    const { outcome, caller: explained } = await explainRequest(policy, asked, caller);
    expect([outcome, explained.remarks]).toEqual([
      "forwarded",
      ["Whether the token is revoked is not checked: only the deployed gateway reads that list."],
    ]);
  });

  it("says nothing of it to a caller without a token", async () => {
    expect((await explainRequest(policy, asked, nobody)).caller.remarks).toEqual([]);
  });
});

describe("an explanation of a route with rate limits", () => {
  const limit = { limit: 100, periodSeconds: 60 };
  const policy = compiled({
    ...policyFileWithRoute({ scopes: ["read:orders"], rateLimit: ["orgs", "callers"] }),
    rateLimits: {
      orgs: { ...limit, binding: "RL", by: "claim:/org/id" },
      callers: { ...limit, binding: "RL", by: "address" },
    },
  });
  const asked = { method: "GET", url: "https://gw.example/orders" };

  it("shows them, and counts nothing", async () => {
    const caller = assumedCaller({ client: undefined, scopes: ["read:orders"] }, policy);
    const explanation = await explainRequest(policy, asked, caller);
    expect(explanation.outcome).toBe("forwarded");
    expect(explanation.rateLimits).toEqual([
      { name: "callers", ...limit, by: "address" },
      { name: "orgs", ...limit, by: "claim:/org/id" },
    ]);
    const lines = formatExplanation(explanation, () => "routes.json", coloursFor({ isTTY: false }));
    expect(lines.join("\n")).toContain(
      "Limited by orgs to 100 in 60 seconds, by claim:/org/id. Nothing is counted here.",
    );
  });

  it("says from when on they refuse requests to a route that only reports", async () => {
    const route = { scopes: ["read:orders"], rateLimit: ["callers"], report: { until: "2027-01-31" } };
    const rateLimits = { callers: { ...limit, binding: "RL", by: "address" } };
    const reporting = compiled({ ...policyFileWithRoute(route), rateLimits });
    const caller = assumedCaller({ client: undefined, scopes: [] }, reporting);
    const explanation = await explainRequest(reporting, asked, caller);
    const lines = formatExplanation(explanation, () => "routes.json", coloursFor({ isTTY: false }));
    expect(lines.join("\n")).toContain(
      "Limited by callers to 100 in 60 seconds, by address, from 2027-02-01 on (UTC). Nothing is counted here.",
    );
  });

  it("has no such member where a route has none", async () => {
    const plain = compiled(policyFileWithRoute({ scopes: ["read:orders"] }));
    expect(await explainRequest(plain, asked, nobody)).not.toHaveProperty("rateLimits");
  });
});

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

describe("the path that an explanation says the upstream gets", () => {
  const open = { methods: ["GET"], public: true };
  const policy = compiled(
    policyFileWith({
      upstreams: {
        shop: { url: "https://shop.example/api", stripPrefix: "/shop" },
        worker: { service: "WORKER" },
      },
      routes: [
        { ...open, path: "/shop/*", upstream: "shop" },
        { ...open, path: "/orders/:id", upstream: "shop", upstreamPath: "/v2/orders/:id" },
        { ...open, path: "/worker/:id", upstream: "worker", upstreamPath: "/:id" },
        { ...open, path: "/plain", upstream: "worker" },
      ],
    }),
  );

  it.each([
    { path: "/shop/a?x", to: "https://shop.example/api/a?x", rewrittenBy: "stripPrefix /shop" },
    { path: "/orders/7", to: "https://shop.example/api/v2/orders/7", rewrittenBy: "upstreamPath /v2/orders/:id" },
    { path: "/worker/7", to: "service binding WORKER, /7", rewrittenBy: "upstreamPath /:id" },
    { path: "/plain", to: "service binding WORKER, /plain", rewrittenBy: undefined },
  ])("for $path is that of $to", async ({ path, to, rewrittenBy }) => {
    const { forwarded } = await explainRequest(policy, { method: "GET", url: `https://gw.example${path}` }, nobody);
    expect([forwarded?.to, forwarded?.rewrittenBy]).toEqual([to, rewrittenBy]);
    expect(Object.hasOwn(forwarded ?? {}, "rewrittenBy")).toBe(rewrittenBy !== undefined);
  });
});

describe("the assertion in an explanation", () => {
  const assertion = {
    issuer: "https://gw.example",
    trustDomain: "internal.example",
    keys: { secret: "KEYS" },
    claims: { tenant: "/org/id" },
  };
  const policyWith = (changes: Record<string, unknown>) =>
    compiled(
      policyFileWith({
        assertion: { ...assertion, ...changes },
        upstreams: { orders: { url: "https://orders.example", assertion: true } },
        routes: [
          { path: "/orders", methods: ["GET"], scopes: ["read:orders"], upstream: "orders" },
          { path: "/open", methods: ["GET"], public: true, upstream: "orders" },
        ],
      }),
    );
  const asked = { method: "GET", url: "https://gw.example/orders?a=b" };

  it("shows the claims that would be signed, and no signature", async () => {
    const policy = policyWith({});
    const caller = assumedCaller({ client: undefined, scopes: ["read:orders"] }, policy);
    const { forwarded } = await explainRequest(policy, asked, caller);
    expect(forwarded?.headers["txn-token"]).toBe("(signed by the gateway, see the claims)");
    expect(forwarded?.assertion).toEqual({
      iss: "https://gw.example",
      aud: "internal.example",
      iat: "(when it is signed)",
      exp: "(60 seconds later)",
      txn: "(a new id)",
      sub: "(sub of the token)",
      sub_id: { format: "iss_sub", iss: "https://issuer.example", sub: "(sub of the token)" },
      scope: "https://api.example/read:orders",
      req_wl: "https://gw.example",
      tctx: { tenant: "(org/id of the token)" },
      rctx: { method: "GET", route: "/orders" },
    });
  });

  it("names path and query with `bind`", async () => {
    const policy = policyWith({ bind: "request" });
    const caller = assumedCaller({ client: undefined, scopes: ["read:orders"] }, policy);
    const { forwarded } = await explainRequest(policy, asked, caller);
    expect(forwarded?.assertion).toMatchObject({
      txn: "(the request id)",
      jti: "(a new id)",
      rctx: { path: "/orders", query_sha256: expect.stringMatching(/^[\w-]{43}$/) },
    });
  });

  it("is none on a public route", async () => {
    const { forwarded } = await explainRequest(policyWith({}), { ...asked, url: "https://gw.example/open" }, nobody);
    expect([forwarded?.assertion, forwarded?.headers["txn-token"]]).toEqual([undefined, undefined]);
  });
});
