import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createGateway } from "../src/gateway.ts";
import type { Decision } from "../src/telemetry/decision.ts";
import { createDecisionLog } from "../src/telemetry/decision-log.ts";
import { limitPauses } from "../src/upstream/limit-pauses.ts";
import { type Call, call, modern, NEW, PLAIN, type Refused, read, text } from "./support/mcp/calls.ts";
import { McpGateway } from "./support/mcp/mcp-gateway.ts";
import { REFUSED_FOR_DECISION } from "./support/mcp/refused/decided-calls.ts";
import { REFUSED_AS_MALFORMED } from "./support/mcp/refused/malformed-calls.ts";
import { REFUSED_FOR_HEADERS } from "./support/mcp/refused/mismatched-calls.ts";
import { API } from "./support/policy/example-policy.ts";
import { NOW_MS } from "./support/token/tokens.ts";

let gateway: McpGateway;
beforeAll(async () => {
  gateway = await McpGateway.create();
});
beforeEach(() => gateway.reset());

describe("a permitted message", () => {
  it.each<{ name: string; call: Call }>([
    { name: "a tool", call: { body: call("get_order") } },
    { name: "a tool by a prefix", call: { body: call("get_customer") } },
    { name: "a tool of an administrator", call: { body: call("delete_order"), token: "admin" } },
    { name: "a tool beyond ASCII", call: { body: call("délete_order"), token: "admin" } },
    { name: "a method", call: { body: text("tools/list"), token: "none" } },
    { name: "a notification", call: { body: '{"jsonrpc":"2.0","method":"notifications/initialized"}', token: "none" } },
    { name: "a resource", call: { body: read("orders://1") } },
    { name: "a prompt", call: { body: text("prompts/get", { name: "summary" }) } },
    {
      name: "a completion",
      call: { body: text("completion/complete", { ref: { type: "ref/prompt", name: "summary" } }) },
    },
    { name: "a task", call: { body: text("tasks/get", { taskId: "5" }) } },
    {
      name: "a subscription",
      call: { body: text("subscriptions/listen", { notifications: { resourceSubscriptions: ["orders://1"] } }) },
    },
    {
      name: "members that nothing depends on, in any order",
      call: {
        body: ' {"id":"x","extra":[],"params":{"z":1,"name":"get_order"},\n"method":"tools/call","jsonrpc":"2.0"} ',
      },
    },
    {
      name: "escapes",
      call: {
        body: String.raw`{"jsonrpc":"2.0","id":7,"meth\u006fd":"tools/call","params":{"name":"get\u005forder"}}`,
      },
    },
    {
      name: "numbers as they are",
      call: {
        body: '{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"get_order","arguments":{"n":12345678901234567890.10}}}',
      },
    },
    {
      name: "a character set",
      call: { body: call("get_order"), headers: { "content-type": 'Application/JSON ; charset="UTF-8"' } },
    },
    {
      name: "the page of a listed origin",
      call: { body: call("get_order"), headers: { ...PLAIN, origin: "https://app.example.com" } },
    },
    { name: "the newest revision", call: { body: call("get_order"), headers: modern("tools/call", "get_order") } },
    {
      name: "an older revision",
      call: { body: call("get_order"), headers: { ...PLAIN, "mcp-protocol-version": "2025-06-18" } },
    },
    { name: "a reply of an older revision", call: { path: "/old", body: '{"jsonrpc":"2.0","id":7,"result":{}}' } },
  ])("is forwarded, byte for byte: $name", async ({ call: request }) => {
    const response = await gateway.send(request);
    expect(await response.json()).toEqual({ jsonrpc: "2.0", id: 1, result: {} });
    expect(response.status).toBe(200);
    expect(gateway.sent.map(({ method, body }) => ({ method, body }))).toEqual([
      { method: "POST", body: request.body },
    ]);
    expect(gateway.sent[0]?.headers.get("authorization")).toBeNull();
    expect(gateway.sent[0]?.headers.get("content-type")).toBe("application/json");
    expect(gateway.lines).toMatchObject([{ decision: "allow" }]);
  });

  it("has the headers that follow from it, and the session's", async () => {
    const session = {
      "mcp-session-id": "s1",
      "last-event-id": "e1",
      "mcp-param-region_x": "eu",
      "mcp-method": "tools/call",
    };
    await gateway.send({
      body: call("délete_order"),
      token: "admin",
      headers: { ...PLAIN, ...session, connection: "mcp-method" },
    });
    const { headers } = gateway.sent[0] ?? {};
    expect(Object.fromEntries(headers ?? [])).toMatchObject({
      ...session,
      "mcp-name": "=?base64?ZMOpbGV0ZV9vcmRlcg==?=",
    });
  });

  it("passes an event stream on, as it comes", async () => {
    gateway.answer = () =>
      new Response('data: {"jsonrpc":"2.0","id":7,"result":{}}\n\n', {
        headers: { "content-type": "text/event-stream" },
      });
    const response = await gateway.send({ body: call("get_order") });
    expect(await response.text()).toBe('data: {"jsonrpc":"2.0","id":7,"result":{}}\n\n');
  });

  it("is in the log by its method and its names, bounded and without control characters", async () => {
    await gateway.send({ body: call("get_order") });
    await gateway.send({
      body: text("subscriptions/listen", { notifications: { resourceSubscriptions: ["orders://1", "orders://2"] } }),
    });
    await gateway.send({ body: text("tools/list") });
    await gateway.send({ body: call(`get_${"x".repeat(1000)}`) });
    expect(
      gateway.lines.map(({ mcp_method, mcp_name }) => ({ mcp_method, mcp_name: mcp_name?.slice(0, 600) })),
    ).toEqual([
      { mcp_method: "tools/call", mcp_name: "get_order" },
      { mcp_method: "subscriptions/listen", mcp_name: "orders://1 orders://2" },
      { mcp_method: "tools/list", mcp_name: undefined },
      { mcp_method: "tools/call", mcp_name: `get_${"x".repeat(505)}...` },
    ]);
  });
});

describe("a refused message", () => {
  it.each([...REFUSED_FOR_DECISION, ...REFUSED_AS_MALFORMED, ...REFUSED_FOR_HEADERS])(
    "is an error of JSON-RPC, and reaches no upstream: $name",
    async ({ call: request, status, reason, code, id }) => {
      const response = await gateway.send(request);
      expect(response.headers.get("content-type")).toBe("application/json");
      const body = await response.json();
      expect(body).toMatchObject({
        jsonrpc: "2.0",
        error: { code, data: { type: `https://scopegate.dev/problems/${reason}`, status } },
      });
      expect((body as { id: unknown }).id).toEqual(id ?? null);
      expect(response.status).toBe(status);
      expect(gateway.sent).toEqual([]);
      expect(gateway.lines).toMatchObject([{ decision: "deny", reason, status }]);
    },
  );

  it("has a challenge with all scopes that the message takes, and the metadata of its resource", async () => {
    const listen = { notifications: { resourceSubscriptions: ["orders://1", "orders://secret/1"] } };
    const response = await gateway.send({ body: text("subscriptions/listen", listen), token: "none" });
    expect(response.headers.get("www-authenticate")).toBe(
      `Bearer realm="scopegate", error="insufficient_scope", error_description="The access token does not grant the scopes that this route requires.", scope="${API}/read ${API}/admin", resource_metadata="https://gw.example/.well-known/oauth-protected-resource/mcp"`,
    );
    expect(await response.json()).toMatchObject({
      error: { data: { required: [`${API}/read`, `${API}/admin`], granted: [] } },
    });
  });

  it("has a challenge without scopes while there is no token", async () => {
    const response = await gateway.send({ body: call("get_order"), token: "absent" });
    expect(response.headers.get("www-authenticate")).toBe(
      'Bearer realm="scopegate", resource_metadata="https://gw.example/.well-known/oauth-protected-resource/mcp"',
    );
  });

  it("says which revisions are known, for one that is not", async () => {
    const response = await gateway.send({
      body: call("get_order"),
      headers: { ...PLAIN, "mcp-protocol-version": "2030-01-01" },
    });
    expect(await response.json()).toMatchObject({
      error: { data: { supported: ["2025-06-18", "2025-11-25", NEW], requested: "2030-01-01" } },
    });
  });

  it("takes a body of the limit, and counts a body without a length", async () => {
    const filled = call("get_order", { arguments: "" });
    const body = call("get_order", { arguments: "x".repeat(4096 - filled.length) });
    expect((await gateway.send({ body })).status).toBe(200);
    const chunks = (longer: string): ReadableStream<Uint8Array> => new Blob([body, longer]).stream();
    expect((await gateway.send({ body: chunks("") })).status).toBe(200);
    expect((await gateway.send({ body: chunks(" ") })).status).toBe(413);
    expect(gateway.sent).toHaveLength(2);
  });
});

it("is in a sampled log by its first line for each entry", async () => {
  const written: Decision[] = [];
  const log = createDecisionLog(
    { allow: 0, deny: 0, path: false },
    { log: (line) => written.push(line as Decision), logFailure: () => {}, bindings: {}, random: () => 0 },
  );
  const sampled = await McpGateway.create();
  sampled.log = log;
  for (const name of ["get_order", "get_order", "get_stock", "get_customer"]) await sampled.send({ body: call(name) });
  expect(written.map(({ mcp_name }) => mcp_name)).toEqual(["get_order", "get_stock"]);
});

describe("a route without the module", () => {
  it("refuses every message", async () => {
    const serve = createGateway({
      policy: gateway.policy,
      log: () => {},
      version: undefined,
      now: () => NOW_MS,
      authenticate: () => {
        throw new Error("must not be asked");
      },
      setOwnHeaders: () => undefined,
      limitPauses,
      serveEndpoint: (exchange) => exchange.answer(new Response("own")),
      fetcherOf: () => {
        throw new Error("must not be asked");
      },
    });
    const response = await serve(
      new Request("https://gw.example/mcp", { method: "POST", body: call("get_order") }),
      () => {},
    );
    expect(response.status).toBe(500);
    expect(await response.json()).toMatchObject({ type: "https://scopegate.dev/problems/internal-error" });
  });
});

describe("streams", () => {
  it.each([
    { name: "GET", call: { path: "/old", method: "GET", headers: {} } },
    {
      name: "GET of an older revision",
      call: { path: "/old", method: "GET", headers: { "mcp-protocol-version": "2025-11-25" } },
    },
    { name: "DELETE", call: { path: "/old", method: "DELETE", headers: { "mcp-session-id": "s1" } } },
  ])("are opened and ended where the route lists them: $name", async ({ call: request }) => {
    expect((await gateway.send(request)).status).toBe(200);
    expect(gateway.sent.map(({ method }) => method)).toEqual([request.method]);
  });

  it("bring no message, which nobody would judge", async () => {
    const body = call("delete_order");
    const headers = { ...PLAIN, "content-length": String(body.length) };
    expect((await gateway.send({ path: "/old", method: "DELETE", body, headers })).status).toBe(200);
    expect(gateway.sent.map(({ method, body: arrived }) => ({ method, arrived }))).toEqual([
      { method: "DELETE", arrived: "" },
    ]);
    for (const name of ["content-type", "content-length"]) expect(gateway.sent[0]?.headers.get(name)).toBeNull();
  });

  it.each<Omit<Refused, "code"> & { readonly allow?: string }>([
    {
      name: "none are listed",
      call: { method: "GET", headers: {} },
      status: 405,
      reason: "method-not-allowed",
      allow: "POST",
    },
    {
      name: "none are listed, to end one",
      call: { method: "DELETE", headers: {} },
      status: 405,
      reason: "method-not-allowed",
      allow: "POST",
    },
    {
      name: "the newest revision",
      call: { path: "/old", method: "GET", headers: { "mcp-protocol-version": NEW } },
      status: 405,
      reason: "method-not-allowed",
      allow: "POST",
    },
    {
      name: "the newest revision, to end one",
      call: { path: "/old", method: "DELETE", headers: { "mcp-protocol-version": NEW } },
      status: 405,
      reason: "method-not-allowed",
      allow: "POST",
    },
    {
      name: "an unknown revision",
      call: { path: "/old", method: "GET", headers: { "mcp-protocol-version": "x" } },
      status: 400,
      reason: "message-header-mismatch",
    },
    {
      name: "no token",
      call: { path: "/old", method: "GET", headers: {}, token: "absent" },
      status: 401,
      reason: "credentials-missing",
    },
    {
      name: "the page of another origin",
      call: { path: "/old", method: "GET", headers: { origin: "https://evil.example" } },
      status: 403,
      reason: "origin-refused",
    },
    {
      name: "another method",
      call: { path: "/old", method: "PUT", body: call("get_order") },
      status: 405,
      reason: "method-not-allowed",
      allow: "GET, HEAD, POST, DELETE",
    },
  ])("are refused with a problem document: $name", async ({ call: request, status, reason, allow }) => {
    const response = await gateway.send(request);
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ type: `https://scopegate.dev/problems/${reason}` });
    expect(response.headers.get("allow")).toBe(allow ?? null);
    expect(gateway.sent).toEqual([]);
  });

  it("never become a WebSocket, whose messages nobody would judge", async () => {
    await gateway.send({ path: "/old", method: "GET", headers: { upgrade: "websocket", connection: "upgrade" } });
    expect(gateway.sent[0]?.headers.get("upgrade")).toBeNull();
  });
});

describe("a route that only reports", () => {
  it.each<{ name: string; call: Call; reason: string }>([
    { name: "too few scopes", call: { body: call("delete_order") }, reason: "scope-insufficient" },
    { name: "an unlisted tool", call: { body: call("drop_table") }, reason: "message-unlisted" },
    { name: "no token", call: { body: call("get_order"), token: "absent" }, reason: "credentials-missing" },
  ])("lets go on, and says so: $name", async ({ call: request, reason }) => {
    expect((await gateway.send({ ...request, path: "/trial" })).status).toBe(200);
    expect(gateway.sent).toHaveLength(1);
    expect(gateway.lines).toMatchObject([{ decision: "would-deny", reason }]);
  });

  it.each<{ name: string; call: Call }>([
    { name: "a malformed message", call: { body: "[]" } },
    { name: "a malformed message without a token", call: { body: "[]", token: "absent" } },
    {
      name: "headers that do not agree",
      call: { body: call("get_order"), headers: modern("tools/call", "delete_order") },
    },
    {
      name: "another origin",
      call: { body: call("get_order"), headers: { ...PLAIN, origin: "https://evil.example" } },
    },
  ])("still refuses $name", async ({ call: request }) => {
    expect((await gateway.send({ ...request, path: "/trial" })).status).toBeGreaterThanOrEqual(400);
    expect(gateway.sent).toEqual([]);
    expect(gateway.lines).toMatchObject([{ decision: "deny" }]);
  });
});

describe("lists", () => {
  const TOOLS = ["get_order", "get_stock", "delete_order", "drop_table"].map((name) => ({ name }));
  const list = (more = "") =>
    `{"jsonrpc":"2.0","id":7,"result":{"tools":${JSON.stringify(TOOLS).replace("}]", ',"n":12345678901234567890}]')},"cacheScope":"public"${more}}}`;

  it("have only what the token may use, and nobody may share them", async () => {
    gateway.answer = () =>
      new Response(list(), { headers: { ...PLAIN, etag: '"1"', "content-length": String(list().length) } });
    const response = await gateway.send({ path: "/lists", body: text("tools/list"), token: "read" });
    expect(await response.json()).toEqual({
      jsonrpc: "2.0",
      id: 7,
      result: { tools: [{ name: "get_order" }, { name: "get_stock" }], cacheScope: "private" },
    });
    expect(response.headers.get("etag")).toBeNull();
    expect(response.headers.get("content-length")).toBeNull();
    expect(gateway.sent[0]?.headers.get("accept-encoding")).toBe("identity");
  });

  it("pass as they are where the route does not filter or only reports, and for other methods", async () => {
    gateway.answer = () => new Response(list(), { headers: PLAIN });
    expect(await (await gateway.send({ body: text("tools/list") })).text()).toBe(list());
    expect(await (await gateway.send({ path: "/lists", body: call("get_order") })).text()).toBe(list());
    expect(await (await gateway.send({ path: "/trial", body: text("tools/list") })).text()).toBe(list());
  });
});
