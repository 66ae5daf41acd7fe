import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { withAssertion } from "../../../src/cli/demo/asserted-shop.ts";
import { FREE_PORTS } from "../../../src/local/addresses.ts";
import { localSecret } from "../../../src/local/issuer/clients.ts";
import { rawRequest } from "../../../src/local/raw-request.ts";
import { requestToken } from "../../../src/local/request-token.ts";
import { type Stack, startStack } from "../../../src/local/stack.ts";
import { startServer, type TestServer } from "../../support/e2e/test-server.ts";
import { shopSource } from "../../support/local/shop-stack.ts";
import { type OriginKind, originKinds, startOrigin } from "../../support/origins/origins.ts";

/** Passes each request on to the origin under test, as it is, and keeps the last one. */
let target = "";
let last: { readonly path: string; readonly method: string; readonly assertion: string } | undefined;
let relay: TestServer;
let stack: Stack;
let token = "";

beforeAll(async () => {
  relay = await startServer(async (request, response) => {
    const { url: path = "", method = "GET", headers } = request;
    last = { path, method, assertion: String(headers["txn-token"]) };
    const answer = await rawRequest({ origin: target, path, method, headers });
    response.writeHead(answer.status, { "content-type": "application/json" }).end(answer.body);
  });
  const { config } = shopSource();
  const source = { config: withAssertion(config), vars: { ORDERS_URL: `${relay.origin}/v2` } };
  stack = await startStack({ ports: FREE_PORTS, readSource: async () => source });
  token = await requestToken({
    tokenUrl: stack.tokenUrl,
    clientId: "customer",
    clientSecret: localSecret("customer"),
  });
});
afterAll(async () => {
  await stack.dispose();
  await relay.stop();
});

const kinds = originKinds().filter(({ lack }: OriginKind) => lack === undefined);

describe.each(kinds)("the verifier for $name behind a real gateway", (kind) => {
  beforeAll(async () => {
    target = await startOrigin(kind, {
      issuer: "https://api.myecommerce.com",
      trustDomain: "internal.myecommerce.com",
      jwksUrl: `${stack.urls.gateway}/_gateway/jwks.json`,
    });
  });

  it.each(["/orders", "/orders?limit=2&q=a%20b", "/orders?", "/orders/a%20b", "/orders/%61b?x='"])(
    "accepts a caller's GET %s, and no other request with its assertion",
    async (path) => {
      const headers = { authorization: `Bearer ${token}`, "txn-token": "sent by the caller" };
      const { status, body } = await rawRequest({ origin: stack.urls.gateway, path, headers });
      expect({ status, body: JSON.parse(body) }).toEqual({ status: 200, body: { subject: "customer" } });
      const sent = last;
      expect(sent?.path).toMatch(/^\/v2\/orders/);
      const again = (changes: { path?: string; method?: string }) =>
        rawRequest({ origin: target, path: sent?.path ?? "", headers: { "txn-token": sent?.assertion }, ...changes });
      expect((await again({})).status).toBe(200);
      expect((await again({ path: `${sent?.path}x` })).status).toBe(401);
      expect((await again({ path: "/v2/orders/other" })).status).toBe(401);
      expect((await again({ method: "DELETE" })).status).toBe(401);
    },
  );
});

it.each([
  { name: "nothing", headers: () => ({}) },
  { name: "made-up claim headers", headers: () => ({ "x-auth-subject": "customer", "x-auth-scopes": "read:orders" }) },
  { name: "the caller's own token", headers: () => ({ authorization: `Bearer ${token}`, "txn-token": token }) },
  { name: "a made-up assertion", headers: () => ({ "txn-token": "made.up.text" }) },
])("the order service of the local stack refuses a direct call with $name", async ({ headers }) => {
  const answer = await rawRequest({ origin: stack.urls.orders ?? "", path: "/orders", headers: headers() });
  expect([answer.status, JSON.parse(answer.body).detail]).toEqual([401, "No valid assertion of the gateway."]);
});
