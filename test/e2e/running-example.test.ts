/** The policy of the shop in the Worker that would be deployed: who may do what. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { localSecret } from "../../src/local/issuer/clients.ts";
import { requestToken } from "../../src/local/request-token.ts";
import type { Stack } from "../../src/local/stack.ts";
import { call, jsonOf, statusAndReason } from "../support/e2e/call.ts";
import { fullName } from "../support/e2e/gateway-policy.ts";
import { buildShippedGateway } from "../support/e2e/shipped-gateway.ts";
import { runGateway, type TestGateway } from "../support/e2e/test-gateway.ts";
import { startUpstream, type TestUpstream } from "../support/e2e/test-upstream.ts";
import { startShopStack } from "../support/local/shop-stack.ts";

let stack: Stack;
let upstream: TestUpstream;
/** Gateway in front of the services of the local stack. */
let gateway: TestGateway;
/** Gateway in front of an upstream that returns what it received. */
let echoing: TestGateway;
let customer: string;
let admin: string;

beforeAll(async () => {
  upstream = await startUpstream();
  const [script, started] = await Promise.all([buildShippedGateway(), startShopStack()]);
  stack = started;
  gateway = await runGateway(script, { vars: stack.plan.vars });
  echoing = await runGateway(script, {
    vars: { ...stack.plan.vars, PRODUCTS_URL: upstream.origin, ORDERS_URL: upstream.origin },
  });
  const tokenOf = (clientId: string) =>
    requestToken({ tokenUrl: stack.tokenUrl, clientId, clientSecret: localSecret(clientId) });
  customer = await tokenOf("customer");
  admin = await tokenOf("admin");
});

afterAll(async () => {
  await Promise.all([gateway?.dispose(), echoing?.dispose(), stack?.dispose(), upstream?.stop()]);
});

beforeEach(() => {
  upstream.received.length = 0;
});

/** The answers without a token, to `customer` and to `admin`: 200 from the upstream, all others from the gateway. */
const RIGHTS: readonly (readonly [request: string, nobody: string, customer: string, admin: string])[] = [
  ["GET /products", "401 credentials-missing", "200", "200"],
  ["HEAD /products", "401", "200", "200"],
  ["POST /products", "401 credentials-missing", "403 scope-insufficient", "200"],
  ["PUT /products", "405 method-not-allowed", "405 method-not-allowed", "405 method-not-allowed"],
  ["PATCH /products", "405 method-not-allowed", "405 method-not-allowed", "405 method-not-allowed"],
  ["DELETE /products", "405 method-not-allowed", "405 method-not-allowed", "405 method-not-allowed"],
  ["OPTIONS /products", "405 method-not-allowed", "405 method-not-allowed", "405 method-not-allowed"],

  ["GET /products/1", "401 credentials-missing", "200", "200"],
  ["HEAD /products/1", "401", "200", "200"],
  ["POST /products/1", "405 method-not-allowed", "405 method-not-allowed", "405 method-not-allowed"],
  ["PUT /products/1", "401 credentials-missing", "403 scope-insufficient", "200"],
  ["PATCH /products/1", "401 credentials-missing", "403 scope-insufficient", "200"],
  ["DELETE /products/1", "401 credentials-missing", "403 scope-insufficient", "200"],

  ["GET /orders", "401 credentials-missing", "200", "200"],
  ["HEAD /orders", "401", "200", "200"],
  ["POST /orders", "401 credentials-missing", "403 scope-insufficient", "200"],
  ["PUT /orders", "405 method-not-allowed", "405 method-not-allowed", "405 method-not-allowed"],
  ["DELETE /orders", "405 method-not-allowed", "405 method-not-allowed", "405 method-not-allowed"],

  ["GET /orders/o-1", "401 credentials-missing", "200", "200"],
  ["HEAD /orders/o-1", "401", "200", "200"],
  ["POST /orders/o-1", "405 method-not-allowed", "405 method-not-allowed", "405 method-not-allowed"],
  ["PUT /orders/o-1", "401 credentials-missing", "403 scope-insufficient", "200"],
  ["PATCH /orders/o-1", "401 credentials-missing", "403 scope-insufficient", "200"],
  ["DELETE /orders/o-1", "401 credentials-missing", "403 scope-insufficient", "200"],

  ["GET /products/healthz", "200", "200", "200"],
  ["HEAD /products/healthz", "200", "200", "200"],
  ["DELETE /products/healthz", "405 method-not-allowed", "405 method-not-allowed", "405 method-not-allowed"],

  ["GET /", "404 route-unknown", "404 route-unknown", "404 route-unknown"],
  ["GET /products/", "404 route-unknown", "404 route-unknown", "404 route-unknown"],
  ["GET /Products", "404 route-unknown", "404 route-unknown", "404 route-unknown"],
  ["GET /products/1/reviews", "404 route-unknown", "404 route-unknown", "404 route-unknown"],
  ["POST /orders/", "404 route-unknown", "404 route-unknown", "404 route-unknown"],
];

describe.each(RIGHTS.map(([request, ...answers]) => ({ request, answers })))("$request", ({ request, answers }) => {
  it.each([
    { who: "nobody", expected: answers[0] },
    { who: "customer", expected: answers[1] },
    { who: "admin", expected: answers[2] },
  ])("answers $expected to $who", async ({ who, expected }) => {
    const token = who === "customer" ? customer : who === "admin" ? admin : undefined;
    const answer = await call(echoing.origin, request, token === undefined ? {} : { token });
    expect(statusAndReason(answer)).toBe(expected);
    const [method, target] = request.split(" ");
    const arrived = upstream.received.map((received) => ({ method: received.method, target: received.target }));
    expect(arrived).toEqual(expected === "200" ? [{ method, target }] : []);
  });
});

describe("what an upstream is told", () => {
  const claimHeaders = () =>
    Object.fromEntries(
      Object.entries(upstream.received[0]?.headers ?? {}).filter(([name]) => /^(x-auth|authorization)/.test(name)),
    );

  it("is who calls and what the token grants, and never the token", async () => {
    await call(echoing.origin, "POST /orders", { token: admin, body: "{}" });
    expect(claimHeaders()).toEqual({
      "x-auth-subject": "admin",
      "x-auth-client-id": "admin",
      "x-auth-scopes": ["read:products", "write:products", "read:orders", "write:orders"].map(fullName).join(" "),
      "x-auth-issuer": stack.plan.vars["ISSUER_URL"],
      "x-auth-token-id": expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
  });

  it("is nothing about the caller on a public route, even if the caller sends a token", async () => {
    await call(echoing.origin, "GET /products/healthz", { token: admin, headers: { "x-auth-subject": "eve" } });
    expect(claimHeaders()).toEqual({});
    expect(upstream.received).toHaveLength(1);
  });
});

describe("a token that was granted less than its client may have", () => {
  it("allows exactly what it grants", async () => {
    const token = await requestToken({
      tokenUrl: stack.tokenUrl,
      clientId: "admin",
      clientSecret: localSecret("admin"),
      scopes: [fullName("read:orders")],
    });
    expect(statusAndReason(await call(gateway.origin, "GET /orders", { token }))).toBe("200");
    const refused = await call(gateway.origin, "POST /orders", { token, body: "{}" });
    expect(statusAndReason(refused)).toBe("403 scope-insufficient");
    expect(jsonOf(refused)).toMatchObject({
      required: [fullName("write:orders")],
      granted: [fullName("read:orders")],
    });
  });
});

describe("an order", () => {
  const headers = { "content-type": "application/json" };
  const body = JSON.stringify({ items: [{ productId: 1, quantity: 2 }] });

  it("belongs to the caller who submitted it, despite headers that name another one", async () => {
    const submitted = await call(gateway.origin, "POST /orders", {
      token: admin,
      headers: { ...headers, "x-auth-subject": "customer" },
      body,
    });
    expect(submitted.status).toBe(201);
    const location = submitted.headers.get("location") ?? "";

    expect((await call(gateway.origin, `GET ${location}`, { token: admin })).status).toBe(200);
    const others = await call(gateway.origin, `GET ${location}`, {
      token: customer,
      headers: { "x-auth-subject": "admin" },
    });
    expect({ status: others.status, by: others.headers.get("x-served-by") }).toEqual({ status: 404, by: "orders" });
    expect(jsonOf(await call(gateway.origin, "GET /orders", { token: customer }))).toMatchObject({ total: 0 });
    expect(jsonOf(await call(gateway.origin, "GET /orders", { token: admin }))).toMatchObject({ total: 1 });
  });

  it("is not submitted by a client that may only read", async () => {
    const before = jsonOf(await call(gateway.origin, "GET /orders", { token: admin }));
    const refused = await call(gateway.origin, "POST /orders", { token: customer, headers, body });
    expect(statusAndReason(refused)).toBe("403 scope-insufficient");
    expect(jsonOf(await call(gateway.origin, "GET /orders", { token: admin }))).toEqual(before);
    expect(jsonOf(await call(gateway.origin, "GET /orders", { token: customer }))).toMatchObject({ total: 0 });
  });
});
