import { describe, expect, it } from "vitest";
import { GuardedMessage } from "../../src/mcp/guarded-message.ts";
import { compilePolicy } from "../../src/policy/compile/compile-policy.ts";
import { API, ISSUER_URL } from "../support/policy/example-policy.ts";

const AUTHENTICATED = { authenticated: true };
const FILE = {
  issuers: { main: { issuer: ISSUER_URL, profile: "cognito" } },
  resourceServers: { [API]: { scopes: { read: "" } } },
  upstreams: { tools: { url: "https://tools.internal" } },
  routes: [
    {
      path: "/mcp",
      upstream: "tools",
      mcp: {
        methods: { "tools/list": AUTHENTICATED, "subscriptions/listen": AUTHENTICATED },
        tools: { "get_*": AUTHENTICATED, get_order: { scopes: ["read"] } },
        resources: { "orders://*": AUTHENTICATED, "notes://*": AUTHENTICATED },
        streams: AUTHENTICATED,
        replies: AUTHENTICATED,
      },
    },
  ],
};
const ADDRESS = "https://gw.example/mcp";
const text = (method: string, params = {}): string => JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
const listen = (...uris: string[]) => text("subscriptions/listen", { notifications: { resourceSubscriptions: uris } });

/** A request to the route, once it is read. */
async function readRequest(method: string, body?: string): Promise<GuardedMessage> {
  const compiled = compilePolicy(FILE, {});
  const route = compiled.ok ? compiled.value.routes[0] : undefined;
  if (route?.mcp === undefined) throw new Error(JSON.stringify(compiled));
  const headers = { "content-type": "application/json" };
  const request = new Request(ADDRESS, { method, headers, ...(body !== undefined && { body }) });
  const message = new GuardedMessage({ request, method, headers: request.headers }, route.mcp);
  await message.read(route);
  return message;
}

describe("the entries that decide a request", () => {
  it.each([
    { name: "an exact name", body: text("tools/call", { name: "get_order" }), expected: ["tools get_order"] },
    { name: "a prefix", body: text("tools/call", { name: "get_all" }), expected: ["tools get_*"] },
    { name: "a tool without an entry", body: text("tools/call", { name: "x" }), expected: ["tools"] },
    { name: "another one", body: text("tools/call", { name: "y" }), expected: ["tools"] },
    { name: "a method", body: text("tools/list"), expected: ["methods tools/list"] },
    {
      name: "several resources of two entries",
      body: listen("orders://1", "orders://2", "notes://1"),
      expected: ["resources orders://*", "resources notes://*"],
    },
    { name: "a reply", body: '{"jsonrpc":"2.0","id":1,"result":{}}', expected: ["replies"] },
    { name: "a malformed message", body: "[]", expected: [] },
  ])("are those of $name", async ({ body, expected }) => {
    expect((await readRequest("POST", body)).entries).toEqual(expected);
  });

  it.each(["GET", "DELETE"])("are the streams for %s", async (method) => {
    expect((await readRequest(method)).entries).toEqual(["streams"]);
  });
});
