import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import features from "../src/features/all.ts";
import { createGateway } from "../src/gateway.ts";
import { loadCompiledPolicy } from "../src/policy/compiled/load-compiled-policy.ts";
import { compileForWorker } from "../src/policy/compiled/serialize-policy.ts";
import type { ServedPolicy } from "../src/policy/policy.ts";
import type { Decision } from "../src/telemetry/decision.ts";
import { createAuthenticator } from "../src/token/authenticate.ts";
import { limitPauses } from "../src/upstream/limit-pauses.ts";
import { createOwnHeaders } from "../src/upstream/own-headers.ts";
import { FakeKeyStore, keySetOf } from "./support/keys/fake-key-store.ts";
import { API, ISSUER_URL } from "./support/policy/example-policy.ts";
import { claimsOf, createSigner, NOW_MS, type Signer, signToken } from "./support/token/tokens.ts";

const AUTHENTICATED = { authenticated: true } as const;
const READ = { scopes: ["read"] };
const MCP = {
  name: "Order tools",
  methods: {
    "server/discover": AUTHENTICATED,
    initialize: AUTHENTICATED,
    ping: AUTHENTICATED,
    "tools/list": AUTHENTICATED,
    "resources/list": AUTHENTICATED,
    "tasks/*": AUTHENTICATED,
    "subscriptions/listen": AUTHENTICATED,
    "notifications/*": AUTHENTICATED,
  },
  tools: { get_order: READ, "get_*": READ, "délete*": { scopes: ["admin"] }, delete_order: { scopes: ["admin"] } },
  resources: { "orders://*": READ, "orders://secret/*": { scopes: ["admin"] } },
  prompts: { summary: READ },
  origins: ["https://app.example.com"],
  maxBodyBytes: 4096,
};
const FILE = {
  issuers: { main: { issuer: ISSUER_URL, profile: "cognito", algorithms: ["ES256"] } },
  resourceServers: { [API]: { scopes: { read: "", admin: "" } } },
  upstreams: { tools: { url: "https://tools.internal" } },
  routes: [
    { path: "/mcp", mcp: MCP },
    { path: "/old", mcp: { ...MCP, streams: AUTHENTICATED, replies: READ } },
    { path: "/lists", mcp: { ...MCP, filterLists: true } },
    { path: "/trial", mcp: MCP, report: { until: "2999-12-31" } },
  ].map((route) => ({ ...route, upstream: "tools" })),
};
const NEW = "2026-07-28";

interface Sent {
  readonly url: string;
  readonly method: string;
  readonly headers: Headers;
  readonly body: string;
}

let signer: Signer;
let policy: ServedPolicy;
let tokens: Record<"none" | "read" | "admin", string>;
let sent: Sent[];
let lines: Decision[];
let answer: () => Response;

beforeAll(async () => {
  signer = await createSigner("ES256");
  const compiled = compileForWorker(FILE, {});
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.failure));
  const loaded = loadCompiledPolicy(JSON.parse(JSON.stringify(compiled.value)), {}, { loadMcp: features.mcp.load });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.failure));
  policy = loaded.value;
  const tokenOf = (...names: string[]) =>
    signToken(signer, claimsOf({ client_id: "customer", scope: names.map((name) => `${API}/${name}`).join(" ") }));
  tokens = { none: await tokenOf(), read: await tokenOf("read"), admin: await tokenOf("read", "admin") };
});

beforeEach(() => {
  sent = [];
  lines = [];
  answer = () => Response.json({ jsonrpc: "2.0", id: 1, result: {} });
});

interface Call {
  readonly path?: string;
  readonly method?: string;
  readonly body?: BodyInit | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  readonly token?: keyof typeof tokens | "bad" | "absent";
}

const PLAIN = { "content-type": "application/json" };

function send({ path = "/mcp", method = "POST", body, headers = PLAIN, token = "read" }: Call): Promise<Response> {
  const now = (): number => NOW_MS;
  const serve = createGateway({
    policy,
    log: (line) => lines.push(line as Decision),
    version: undefined,
    now,
    authenticate: createAuthenticator({ policy, keys: new FakeKeyStore(keySetOf(signer.key)), now }),
    openMessage: features.mcp.open,
    reports: ({ report }) => report !== undefined,
    setOwnHeaders: createOwnHeaders({}, { now, sleep: () => new Promise(() => {}) }),
    limitPauses,
    serveEndpoint: (exchange) => exchange.answer(new Response("own")),
    fetcherOf: () => async (input, init) => {
      const request = new Request(input, init);
      sent.push({ url: request.url, method: request.method, headers: request.headers, body: await request.text() });
      return answer() as Response & { webSocket: null };
    },
  });
  const all = new Headers(headers);
  if (token !== "absent") all.set("authorization", `Bearer ${token === "bad" ? "x.y.z" : tokens[token]}`);
  return serve(
    new Request(`https://gw.example${path}`, { method, headers: all, ...(body !== undefined && { body }) }),
    () => {},
  );
}

const text = (method: string, params?: unknown, more: object = {}): string =>
  JSON.stringify({ jsonrpc: "2.0", id: 7, method, ...(params !== undefined && { params }), ...more });
const call = (name: unknown, more: object = {}): string => text("tools/call", { name, ...more });
const read = (uri: unknown): string => text("resources/read", { uri });
const modern = (method: string, name?: string): Record<string, string> => ({
  ...PLAIN,
  "mcp-protocol-version": NEW,
  "mcp-method": method,
  ...(name !== undefined && { "mcp-name": name }),
});

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
    const response = await send(request);
    expect(await response.json()).toEqual({ jsonrpc: "2.0", id: 1, result: {} });
    expect(response.status).toBe(200);
    expect(sent.map(({ method, body }) => ({ method, body }))).toEqual([{ method: "POST", body: request.body }]);
    expect(sent[0]?.headers.get("authorization")).toBeNull();
    expect(sent[0]?.headers.get("content-type")).toBe("application/json");
    expect(lines).toMatchObject([{ decision: "allow" }]);
  });

  it("has the headers that follow from it, and the session's", async () => {
    const session = {
      "mcp-session-id": "s1",
      "last-event-id": "e1",
      "mcp-param-region_x": "eu",
      "mcp-method": "tools/call",
    };
    await send({
      body: call("délete_order"),
      token: "admin",
      headers: { ...PLAIN, ...session, connection: "mcp-method" },
    });
    const { headers } = sent[0] ?? {};
    expect(Object.fromEntries(headers ?? [])).toMatchObject({
      ...session,
      "mcp-name": "=?base64?ZMOpbGV0ZV9vcmRlcg==?=",
    });
  });

  it("passes an event stream on, as it comes", async () => {
    answer = () =>
      new Response('data: {"jsonrpc":"2.0","id":7,"result":{}}\n\n', {
        headers: { "content-type": "text/event-stream" },
      });
    const response = await send({ body: call("get_order") });
    expect(await response.text()).toBe('data: {"jsonrpc":"2.0","id":7,"result":{}}\n\n');
  });

  it("is in the log by its method and its names, bounded and without control characters", async () => {
    await send({ body: call("get_order") });
    await send({
      body: text("subscriptions/listen", { notifications: { resourceSubscriptions: ["orders://1", "orders://2"] } }),
    });
    await send({ body: text("tools/list") });
    await send({ body: call(`get_${"x".repeat(1000)}`) });
    expect(lines.map(({ mcp_method, mcp_name }) => ({ mcp_method, mcp_name: mcp_name?.slice(0, 600) }))).toEqual([
      { mcp_method: "tools/call", mcp_name: "get_order" },
      { mcp_method: "subscriptions/listen", mcp_name: "orders://1 orders://2" },
      { mcp_method: "tools/list", mcp_name: undefined },
      { mcp_method: "tools/call", mcp_name: `get_${"x".repeat(505)}...` },
    ]);
  });
});

interface Refused {
  readonly name: string;
  readonly call: Call;
  readonly status: number;
  readonly reason: string;
  readonly code: number;
  readonly id?: unknown;
}

const MALFORMED = { status: 400, reason: "message-malformed", id: null } as const;
const PARSE = { ...MALFORMED, code: -32700 } as const;
const INVALID = { ...MALFORMED, code: -32600 } as const;
const PARAMS = { ...MALFORMED, code: -32602, id: 7 } as const;
const MISMATCH = { status: 400, reason: "message-header-mismatch", code: -32020, id: 7 } as const;
const UNKNOWN_REVISION = { ...MISMATCH, code: -32022 } as const;
const UNLISTED = { status: 403, reason: "message-unlisted", code: 403, id: 7 } as const;
const TYPE = { status: 415, reason: "message-malformed", code: -32700, id: null } as const;

describe("a refused message", () => {
  it.each<Refused>([
    {
      name: "no token",
      call: { body: call("get_order"), token: "absent" },
      status: 401,
      reason: "credentials-missing",
      code: 401,
      id: null,
    },
    {
      name: "a bad token",
      call: { body: call("get_order"), token: "bad" },
      status: 401,
      reason: "token-malformed",
      code: 401,
      id: null,
    },
    {
      name: "no token, and no message",
      call: { body: "[", token: "absent" },
      status: 401,
      reason: "credentials-missing",
      code: 401,
      id: null,
    },
    {
      name: "no token, and a long body",
      call: { body: "x".repeat(5000), token: "absent" },
      status: 401,
      reason: "credentials-missing",
      code: 401,
      id: null,
    },
    {
      name: "too few scopes",
      call: { body: call("delete_order") },
      status: 403,
      reason: "scope-insufficient",
      code: 403,
      id: 7,
    },
    {
      name: "too few scopes for a prefix",
      call: { body: call("get_all"), token: "none" },
      status: 403,
      reason: "scope-insufficient",
      code: 403,
      id: 7,
    },
    {
      name: "too few scopes for the longer prefix",
      call: { body: read("orders://secret/1") },
      status: 403,
      reason: "scope-insufficient",
      code: 403,
      id: 7,
    },
    {
      name: "one of several resources",
      call: {
        body: text("subscriptions/listen", {
          notifications: { resourceSubscriptions: ["orders://1", "orders://secret/1"] },
        }),
      },
      status: 403,
      reason: "scope-insufficient",
      code: 403,
      id: 7,
    },
    {
      name: "a completion for a resource",
      call: { body: text("completion/complete", { ref: { type: "ref/resource", uri: "orders://secret/{id}" } }) },
      status: 403,
      reason: "scope-insufficient",
      code: 403,
      id: 7,
    },

    { ...UNLISTED, name: "a tool that is not listed", call: { body: call("drop_table") } },
    { ...UNLISTED, name: "a tool in another case", call: { body: call("Delete_order") } },
    { ...UNLISTED, name: "a tool with a space behind it", call: { body: call("delete_order ") } },
    { ...UNLISTED, name: "a tool in another width", call: { body: call("ｄelete_order") } },
    { ...UNLISTED, name: "a tool in another Unicode form", call: { body: call("délete_order".normalize("NFD")) } },
    { ...UNLISTED, name: "a tool named like a prefix, with its star", call: { body: call("*") } },
    { ...UNLISTED, name: "a tool named like a member of objects", call: { body: call("__proto__") } },
    { ...UNLISTED, name: "a tool named constructor", call: { body: call("constructor") } },
    { ...UNLISTED, name: "a method that is not listed", call: { body: text("logging/setLevel", { level: "debug" }) } },
    { ...UNLISTED, name: "a method in another case", call: { body: text("Tools/Call", { name: "get_order" }) } },
    {
      ...UNLISTED,
      name: "a method with a slash behind it",
      call: { body: text("tools/call/", { name: "get_order" }) },
    },
    { ...UNLISTED, name: "a resource that is not listed", call: { body: read("file:///etc/passwd") } },
    {
      ...UNLISTED,
      name: "one of several resources that is not listed",
      call: {
        body: text("subscriptions/listen", { notifications: { resourceSubscriptions: ["orders://1", "file:///x"] } }),
      },
    },
    { ...UNLISTED, name: "a prompt that is not listed", call: { body: text("prompts/get", { name: "other" }) } },
    {
      ...UNLISTED,
      name: "a tool in the newest revision",
      call: { body: call("drop_table"), headers: modern("tools/call", "drop_table") },
    },
    {
      ...UNLISTED,
      status: 404,
      code: -32601,
      name: "a method in the newest revision",
      call: { body: text("logging/setLevel"), headers: modern("logging/setLevel") },
    },
    {
      ...UNLISTED,
      id: null,
      name: "a notification that is not listed",
      call: { body: '{"jsonrpc":"2.0","method":"other"}' },
    },
    { ...UNLISTED, id: null, name: "a reply", call: { body: '{"jsonrpc":"2.0","id":7,"result":{}}' } },
    {
      ...INVALID,
      name: "a reply in the newest revision",
      call: {
        path: "/old",
        body: '{"jsonrpc":"2.0","id":7,"result":{}}',
        headers: { ...PLAIN, "mcp-protocol-version": NEW },
      },
    },
    {
      name: "a reply with too few scopes",
      call: { path: "/old", body: '{"jsonrpc":"2.0","id":7,"result":{}}', token: "none" },
      status: 403,
      reason: "scope-insufficient",
      code: 403,
      id: null,
    },

    {
      name: "the page of another origin",
      call: { body: call("get_order"), headers: { ...PLAIN, origin: "https://evil.example" } },
      status: 403,
      reason: "origin-refused",
      code: 403,
      id: null,
    },
    {
      name: "an opaque origin",
      call: { body: call("get_order"), headers: { ...PLAIN, origin: "null" } },
      status: 403,
      reason: "origin-refused",
      code: 403,
      id: null,
    },
    {
      name: "an origin with a port",
      call: { body: call("get_order"), headers: { ...PLAIN, origin: "https://app.example.com:8443" } },
      status: 403,
      reason: "origin-refused",
      code: 403,
      id: null,
    },
    {
      name: "two origins",
      call: { body: call("get_order"), headers: { ...PLAIN, origin: "https://app.example.com, https://evil.example" } },
      status: 403,
      reason: "origin-refused",
      code: 403,
      id: null,
    },
    {
      name: "a longer origin",
      call: { body: call("get_order"), headers: { ...PLAIN, origin: "https://app.example.com.evil.example" } },
      status: 403,
      reason: "origin-refused",
      code: 403,
      id: null,
    },

    ...[
      "text/plain",
      "application/json-rpc",
      "application/problem+json",
      "application/json; charset=utf-16",
      "application/json; charset=utf-8; charset=utf-16",
      "application/json; a=b",
      "application/json, text/plain",
      "application/x-www-form-urlencoded",
      "multipart/form-data; boundary=x",
      "",
    ].map((type) => ({
      ...TYPE,
      name: `the content type ${type}`,
      call: { body: call("get_order"), headers: { "content-type": type } },
    })),
    { ...TYPE, name: "no content type", call: { body: new TextEncoder().encode(call("get_order")), headers: {} } },
    ...["gzip", "identity", "br", ""].map((encoding) => ({
      ...TYPE,
      name: `the content encoding ${encoding}`,
      call: { body: call("get_order"), headers: { ...PLAIN, "content-encoding": encoding } },
    })),
    {
      name: "a body beyond the limit",
      call: { body: call("get_order", { arguments: "x".repeat(4096) }) },
      status: 413,
      reason: "body-too-large",
      code: 413,
      id: null,
    },
    {
      name: "a length beyond the limit",
      call: { body: "{}", headers: { ...PLAIN, "content-length": "4097" } },
      status: 413,
      reason: "body-too-large",
      code: 413,
      id: null,
    },
    {
      ...PARSE,
      name: "another length than the body's",
      call: { body: call("get_order"), headers: { ...PLAIN, "content-length": "3" } },
    },
    {
      ...PARSE,
      name: "a length that is no number",
      call: { body: call("get_order"), headers: { ...PLAIN, "content-length": "0x10" } },
    },

    ...[
      ["no body", undefined],
      ["an empty body", ""],
      ["a byte order mark", `\ufeff${call("get_order")}`],
      ["half a body", call("get_order").slice(0, -3)],
      ["two messages", call("get_order") + call("delete_order")],
      ["two lines", `${call("get_order")}\n${call("delete_order")}`],
      [
        "a tool twice",
        '{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"get_order","name":"delete_order"}}',
      ],
      [
        "a tool twice, once escaped",
        String.raw`{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"get_order","n\u0061me":"delete_order"}}`,
      ],
      [
        "params twice",
        '{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"delete_order"},"params":{"name":"get_order"}}',
      ],
      [
        "a method twice",
        '{"jsonrpc":"2.0","id":7,"method":"tools/list","method":"tools/call","params":{"name":"delete_order"}}',
      ],
      ["an id twice", '{"jsonrpc":"2.0","id":7,"id":8,"method":"tools/list"}'],
      [
        "an argument twice",
        '{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"get_order","arguments":{"a":{"b":1,"b":2}}}}',
      ],
      [
        "a deep argument",
        `{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"get_order","arguments":${"[".repeat(70)}${"]".repeat(70)}}}`,
      ],
      ["an endless array", "[".repeat(4000)],
      ["UTF-16", new Uint8Array(new Uint16Array([...call("get_order")].map((letter) => letter.charCodeAt(0))).buffer)],
      [
        "bytes that are no UTF-8",
        Uint8Array.from([...new TextEncoder().encode(call("get_")).slice(0, -4), 0xff, 0x22, 0x7d, 0x7d]),
      ],
      ["comments", `/**/${call("get_order")}`],
      ["NaN", '{"jsonrpc":"2.0","id":7,"method":"ping","params":{"a":NaN}}'],
      ["form data", "jsonrpc=2.0&method=ping"],
    ].map(([name, body]) => ({ ...PARSE, name: String(name), call: { body: body as BodyInit | undefined } })),

    ...[
      ["a batch", `[${call("get_order")}]`],
      ["an empty batch", "[]"],
      ["a text", '"tools/call"'],
      ["null", "null"],
      ["an empty object", "{}"],
      ["no version", '{"id":7,"method":"ping"}', 7],
      ["another version", '{"jsonrpc":"1.0","id":7,"method":"ping"}', 7],
      ["another spelling of method", text("ping", undefined, { Method: "tools/call" }), 7],
      [
        "another spelling of params",
        text("tools/call", { name: "get_order" }, { PARAMS: { name: "delete_order" } }),
        7,
      ],
      ["another spelling of name", call("get_order", { Name: "delete_order" }), 7],
      ["another spelling of name, in another width", call("get_order", { ｎame: "delete_order" }), 7],
      ["another spelling of params, with a long s", text("tools/call", { name: "get_order" }, { paramſ: {} }), 7],
      ["another spelling of uri", text("resources/read", { uri: "orders://1", Uri: "orders://secret/1" }), 7],
      ["a method and a result", text("ping", undefined, { result: {} }), 7],
      ["a result and an error", '{"jsonrpc":"2.0","id":7,"result":{},"error":{}}'],
      ["a reply without id", '{"jsonrpc":"2.0","result":{}}'],
      ["a method that is a number", '{"jsonrpc":"2.0","id":7,"method":5}', 7],
      ["a method that is an array", '{"jsonrpc":"2.0","id":7,"method":["tools/call"]}', 7],
      ["a method with a space", text("tools/call "), 7],
      ["a method with NUL", text("ping\u0000"), 7],
      ["a method beyond ASCII", text("töols/list"), 7],
      ["an empty method", text(""), 7],
      ...["null", "true", "1.5", "9007199254740993", "1e400", "{}", "[]", "[7]"].map((id) => [
        `the id ${id}`,
        `{"jsonrpc":"2.0","id":${id},"method":"ping"}`,
      ]),
    ].map(([name, body, id]) => ({ ...INVALID, name: String(name), call: { body: String(body) }, id: id ?? null })),

    ...[
      ["no params", text("tools/call")],
      ["params that are an array", text("tools/call", ["get_order"])],
      ["params that are null", text("ping", null)],
      ["params that are a text", text("ping", "x")],
      ["no tool", text("tools/call", {})],
      ...[null, 5, true, ["get_order"], { name: "get_order" }].map((name) => [
        `the tool ${JSON.stringify(name)}`,
        call(name),
      ]),
      ["an empty tool", call("")],
      ["a tool with NUL", call("get_order\u0000")],
      ["a tool with a line break", call("get_order\n")],
      ["a tool with a lone surrogate", call("get_\ud800")],
      ["a tool that changes direction", call("get_\u202e")],
      ["a prompt by its URI", text("prompts/get", { uri: "summary" })],
      ["a resource by its name", text("resources/read", { name: "orders://1" })],
      ["a task without id", text("tasks/get")],
      ["a task by number", text("tasks/get", { taskId: 5 })],
      ["metadata that are an array", text("ping", { _meta: [] })],
      ...[
        "orders://a/../secret/1",
        "orders://a/%2e%2e/secret/1",
        "orders://a/%2E%2E/secret/1",
        "orders://a/./b",
        "orders://a\\..\\secret",
        "orders://s%65cret/1",
        "orders://%73ecret/1",
        "ORDERS://1",
        "Orders://secret/1",
        "orders://SECRET/1",
        "orders://user@secret/1",
        "orders://a%2F..%2Fsecret",
        "orders://a/%252e%252e/b",
        "orders://a b",
        "orders://ä",
        "orders://a%zz",
        "orders://a%2",
        "orders://a%00",
        "//secret/1",
        "secret",
        "",
      ].map((uri) => [`the URI ${uri}`, read(uri)]),
      [
        "a subscription to a malformed URI",
        text("subscriptions/listen", { notifications: { resourceSubscriptions: ["orders://1", "ORDERS://2"] } }),
      ],
      [
        "subscriptions that are no list",
        text("subscriptions/listen", { notifications: { resourceSubscriptions: "orders://1" } }),
      ],
      ["a completion without reference", text("completion/complete", {})],
      ["a completion of another kind", text("completion/complete", { ref: { type: "ref/tool", name: "get_order" } })],
      [
        "a completion with two names",
        text("completion/complete", { ref: { type: "ref/prompt", name: "summary", uri: "orders://1" } }),
      ],
    ].map(([name, body]) => ({ ...PARAMS, name: String(name), call: { body: String(body) } })),

    {
      ...UNKNOWN_REVISION,
      name: "an older revision than any",
      call: { body: call("get_order"), headers: { ...PLAIN, "mcp-protocol-version": "2024-11-05" } },
    },
    {
      ...UNKNOWN_REVISION,
      name: "a revision of the future",
      call: { body: call("get_order"), headers: { ...PLAIN, "mcp-protocol-version": "2030-01-01" } },
    },
    {
      ...MISMATCH,
      name: "two revisions",
      call: { body: call("get_order"), headers: { ...PLAIN, "mcp-protocol-version": `2025-06-18, ${NEW}` } },
    },
    {
      ...MISMATCH,
      name: "the same revision twice",
      call: { body: call("get_order"), headers: { ...PLAIN, "mcp-protocol-version": "2025-06-18, 2025-06-18" } },
    },
    {
      ...MISMATCH,
      name: "an empty revision",
      call: { body: call("get_order"), headers: { ...PLAIN, "mcp-protocol-version": "" } },
    },
    {
      ...MISMATCH,
      name: "the newest revision without a method",
      call: { body: call("get_order"), headers: { ...PLAIN, "mcp-protocol-version": NEW } },
    },
    {
      ...MISMATCH,
      name: "the newest revision without a name",
      call: { body: call("get_order"), headers: modern("tools/call") },
    },
    {
      ...MISMATCH,
      name: "a harmless name in the header",
      call: { body: call("delete_order"), headers: modern("tools/call", "get_order"), token: "admin" },
    },
    {
      ...MISMATCH,
      name: "a harmless name in the body",
      call: { body: call("get_order"), headers: modern("tools/call", "delete_order") },
    },
    {
      ...MISMATCH,
      name: "a harmless method in the header",
      call: { body: call("get_order"), headers: modern("tools/list") },
    },
    {
      ...MISMATCH,
      name: "another name in an older revision",
      call: { body: call("get_order"), headers: { ...PLAIN, "mcp-name": "delete_order" } },
    },
    {
      ...MISMATCH,
      name: "a name twice",
      call: { body: call("get_order"), headers: modern("tools/call", "get_order, get_order") },
    },
    {
      ...MISMATCH,
      name: "a name in another case",
      call: { body: call("get_order"), headers: modern("tools/call", "GET_ORDER") },
    },
    {
      ...MISMATCH,
      name: "the task's id is another",
      call: { body: text("tasks/get", { taskId: "5" }), headers: modern("tasks/get", "6") },
    },
    {
      ...MISMATCH,
      name: "the task's id is missing",
      call: { body: text("tasks/get", { taskId: "5" }), headers: modern("tasks/get") },
    },
    {
      ...MISMATCH,
      name: "another revision in the message",
      call: {
        body: call("get_order", { _meta: { "io.modelcontextprotocol/protocolVersion": "2025-06-18" } }),
        headers: modern("tools/call", "get_order"),
      },
    },
    {
      ...MISMATCH,
      name: "a revision in the message alone",
      call: { body: call("get_order", { _meta: { "io.modelcontextprotocol/protocolVersion": NEW } }) },
    },
    {
      ...MISMATCH,
      id: null,
      name: "a notification of the newest revision without a method",
      call: {
        body: '{"jsonrpc":"2.0","method":"notifications/x"}',
        headers: { ...PLAIN, "mcp-protocol-version": NEW },
      },
    },
  ])("is an error of JSON-RPC, and reaches no upstream: $name", async ({ call: request, status, reason, code, id }) => {
    const response = await send(request);
    expect(response.headers.get("content-type")).toBe("application/json");
    const body = await response.json();
    expect(body).toMatchObject({
      jsonrpc: "2.0",
      error: { code, data: { type: `https://scopegate.dev/problems/${reason}`, status } },
    });
    expect((body as { id: unknown }).id).toEqual(id ?? null);
    expect(response.status).toBe(status);
    expect(sent).toEqual([]);
    expect(lines).toMatchObject([{ decision: "deny", reason, status }]);
  });

  it("has a challenge with all scopes that the message takes, and the metadata of its resource", async () => {
    const listen = { notifications: { resourceSubscriptions: ["orders://1", "orders://secret/1"] } };
    const response = await send({ body: text("subscriptions/listen", listen), token: "none" });
    expect(response.headers.get("www-authenticate")).toBe(
      `Bearer realm="scopegate", error="insufficient_scope", error_description="The access token does not grant the scopes that this route requires.", scope="${API}/read ${API}/admin", resource_metadata="https://gw.example/.well-known/oauth-protected-resource/mcp"`,
    );
    expect(await response.json()).toMatchObject({
      error: { data: { required: [`${API}/read`, `${API}/admin`], granted: [] } },
    });
  });

  it("has a challenge without scopes while there is no token", async () => {
    const response = await send({ body: call("get_order"), token: "absent" });
    expect(response.headers.get("www-authenticate")).toBe(
      'Bearer realm="scopegate", resource_metadata="https://gw.example/.well-known/oauth-protected-resource/mcp"',
    );
  });

  it("says which revisions are known, for one that is not", async () => {
    const response = await send({
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
    expect((await send({ body })).status).toBe(200);
    const chunks = (longer: string): ReadableStream<Uint8Array> => new Blob([body, longer]).stream();
    expect((await send({ body: chunks("") })).status).toBe(200);
    expect((await send({ body: chunks(" ") })).status).toBe(413);
    expect(sent).toHaveLength(2);
  });
});

describe("a route without the module", () => {
  it("refuses every message", async () => {
    const serve = createGateway({
      policy,
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
    expect((await send(request)).status).toBe(200);
    expect(sent.map(({ method }) => method)).toEqual([request.method]);
  });

  it("bring no message, which nobody would judge", async () => {
    const body = call("delete_order");
    const headers = { ...PLAIN, "content-length": String(body.length) };
    expect((await send({ path: "/old", method: "DELETE", body, headers })).status).toBe(200);
    expect(sent.map(({ method, body: arrived }) => ({ method, arrived }))).toEqual([{ method: "DELETE", arrived: "" }]);
    for (const name of ["content-type", "content-length"]) expect(sent[0]?.headers.get(name)).toBeNull();
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
    const response = await send(request);
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ type: `https://scopegate.dev/problems/${reason}` });
    expect(response.headers.get("allow")).toBe(allow ?? null);
    expect(sent).toEqual([]);
  });

  it("never become a WebSocket, whose messages nobody would judge", async () => {
    await send({ path: "/old", method: "GET", headers: { upgrade: "websocket", connection: "upgrade" } });
    expect(sent[0]?.headers.get("upgrade")).toBeNull();
  });
});

describe("a route that only reports", () => {
  it.each<{ name: string; call: Call; reason: string }>([
    { name: "too few scopes", call: { body: call("delete_order") }, reason: "scope-insufficient" },
    { name: "an unlisted tool", call: { body: call("drop_table") }, reason: "message-unlisted" },
    { name: "no token", call: { body: call("get_order"), token: "absent" }, reason: "credentials-missing" },
  ])("lets go on, and says so: $name", async ({ call: request, reason }) => {
    expect((await send({ ...request, path: "/trial" })).status).toBe(200);
    expect(sent).toHaveLength(1);
    expect(lines).toMatchObject([{ decision: "would-deny", reason }]);
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
    expect((await send({ ...request, path: "/trial" })).status).toBeGreaterThanOrEqual(400);
    expect(sent).toEqual([]);
    expect(lines).toMatchObject([{ decision: "deny" }]);
  });
});

describe("lists", () => {
  const TOOLS = ["get_order", "get_stock", "delete_order", "drop_table"].map((name) => ({ name }));
  const list = (more = "") =>
    `{"jsonrpc":"2.0","id":7,"result":{"tools":${JSON.stringify(TOOLS).replace("}]", ',"n":12345678901234567890}]')},"cacheScope":"public"${more}}}`;

  it("have only what the token may use, and nobody may share them", async () => {
    answer = () =>
      new Response(list(), { headers: { ...PLAIN, etag: '"1"', "content-length": String(list().length) } });
    const response = await send({ path: "/lists", body: text("tools/list"), token: "read" });
    expect(await response.json()).toEqual({
      jsonrpc: "2.0",
      id: 7,
      result: { tools: [{ name: "get_order" }, { name: "get_stock" }], cacheScope: "private" },
    });
    expect(response.headers.get("etag")).toBeNull();
    expect(response.headers.get("content-length")).toBeNull();
    expect(sent[0]?.headers.get("accept-encoding")).toBe("identity");
  });

  it("pass as they are where the route does not filter, and for other methods", async () => {
    answer = () => new Response(list(), { headers: PLAIN });
    expect(await (await send({ body: text("tools/list") })).text()).toBe(list());
    expect(await (await send({ path: "/lists", body: call("get_order") })).text()).toBe(list());
  });
});
