/**
 * MCP routes of the built Worker beside what else a policy has: hosts, limits, CORS, DPoP, issuers, step-up, streams.
 */
import { randomUUID } from "node:crypto";
import { gzipSync } from "node:zlib";
import { calculateJwkThumbprint } from "jose";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { call, jsonOf } from "../../support/e2e/call.ts";
import { gatewayPolicy } from "../../support/e2e/gateway-policy.ts";
import { bodyOf, nextChunk, openRequest } from "../../support/e2e/open-request.ts";
import { startGateway, type TestGateway } from "../../support/e2e/test-gateway.ts";
import { startIssuer, type TestIssuer } from "../../support/e2e/test-issuer.ts";
import { type Handler, NOWHERE, startUpstream, type TestUpstream } from "../../support/e2e/test-upstream.ts";
import { within } from "../../support/e2e/wait.ts";
import { createProofKey, hashOf, type ProofKey, signProof } from "../../support/token/dpop-proof.ts";

const API = "https://api.example";
const PUBLIC_URL = "https://mcp.example";
const ORIGIN = "https://app.example.com";
const READ = { scopes: ["read"] };
const METHODS = { ping: { authenticated: true }, "tools/list": { authenticated: true } };
const TOOLS = {
  get_order: READ,
  delete_order: { scopes: ["admin"] },
  ours: { ...READ, issuers: ["main"] },
  bound: { ...READ, senderConstrained: true },
  fresh: { ...READ, authentication: { maxAgeSeconds: 60 } },
  gold: { scopes: { allOf: ["read", { claim: "tier", in: ["gold"] }] } },
};
const MCP = { methods: METHODS, tools: TOOLS };
/** A host that some routes name, and that is not the gateway's own. */
const HOST = "tools.example";

let issuer: TestIssuer;
let partner: TestIssuer;
let upstream: TestUpstream;
let gateway: TestGateway;
let key: ProofKey;
let jkt: string;
let token: string;

beforeAll(async () => {
  [issuer, partner, upstream, key] = await Promise.all([
    startIssuer(),
    startIssuer(),
    startUpstream(),
    createProofKey(),
  ]);
  jkt = await calculateJwkThumbprint(key.publicJwk);
  const accepting = (url: string) => ({
    issuer: url,
    profile: "cognito",
    algorithms: ["ES256"],
    binding: { dpop: "accepted" },
  });
  gateway = await startGateway({
    policy: gatewayPolicy(issuer, upstream, {
      hosts: ["127.0.0.1", HOST],
      publicUrl: PUBLIC_URL,
      dpop: {},
      issuers: { main: accepting(issuer.url), partner: accepting(partner.url) },
      resourceServers: { [API]: { scopes: { read: "", admin: "" } } },
      cors: { origins: [ORIGIN], exposedHeaders: ["mcp-session-id"] },
      rateLimits: {
        clients: { binding: "RL_CLIENTS", limit: 1, periodSeconds: 60, by: "client" },
        callers: { binding: "RL_CALLERS", limit: 1, periodSeconds: 60, by: "address" },
      },
      upstreams: { echo: { url: upstream.origin }, nowhere: { url: NOWHERE } },
      routes: [
        { path: "/mcp", mcp: { ...MCP, origins: [ORIGIN] }, hosts: ["127.0.0.1"] },
        { path: "/mcp", mcp: { ...MCP, tools: { get_order: { scopes: ["admin"] } } }, hosts: [HOST] },
        { path: "/lists", mcp: { ...MCP, filterLists: true } },
        { path: "/clients", mcp: MCP, rateLimit: ["clients"] },
        { path: "/callers", mcp: MCP, rateLimit: ["callers"] },
        { path: "/nowhere", mcp: MCP, upstream: "nowhere" },
        { path: "/rewritten", mcp: MCP, upstreamPath: "/inner" },
      ].map((route) => ({ upstream: "echo", ...route })),
    }),
    bindings: {
      RL_CLIENTS: { type: "rate-limit", namespace: "1", simple: { limit: 1, period: 60 } },
      RL_CALLERS: { type: "rate-limit", namespace: "2", simple: { limit: 1, period: 60 } },
    },
  });
  token = await issuer.token({ scope: `${API}/read` });
});
afterAll(() => Promise.all([gateway?.dispose(), upstream?.stop(), issuer?.stop(), partner?.stop()]));
beforeEach(() => {
  upstream.received.length = 0;
  upstream.handler = undefined;
});

const message = (method: string, params?: unknown) => JSON.stringify({ jsonrpc: "2.0", id: 7, method, params });
const tool = (name: string) => message("tools/call", { name });
const PLAIN = { "content-type": "application/json" };

interface Asked {
  readonly body?: string;
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const post = (path: string, { body = tool("get_order"), headers = {}, ...more }: Asked = {}) =>
  call(gateway.origin, `POST ${path}`, { token, body, headers: { ...PLAIN, ...headers }, ...more });

/** `200`, or status, reason, code of JSON-RPC and id. */
async function outcome(path: string, asked: Asked = {}): Promise<string> {
  const { status, body } = await post(path, asked);
  if (status === 200) return "200";
  const { id, error } = jsonOf({ body }) as { id: unknown; error: { code: number; data: { type: string } } };
  return `${status} ${error.data.type.split("/").at(-1)} ${error.code} ${id}`;
}

describe("what an entry asks of the token", () => {
  const ofPartner = (scope: string) => partner.token({ scope });

  it.each([
    { name: "ours", claims: {}, expected: "200" },
    { name: "bound", claims: {}, expected: "401 token-binding-missing 401 7" },
    { name: "fresh", claims: { auth_time: Math.floor(Date.now() / 1000) }, expected: "200" },
    { name: "fresh", claims: { auth_time: 1 }, expected: "401 authentication-insufficient 401 7" },
    { name: "gold", claims: { tier: "gold" }, expected: "200" },
    { name: "gold", claims: { tier: "silver" }, expected: "403 condition-not-met 403 7" },
  ])("holds for that message: $name, $claims", async ({ name, claims, expected }) => {
    const own = await issuer.token({ scope: `${API}/read`, ...claims });
    expect(await outcome("/mcp", { body: tool(name), token: own })).toBe(expected);
    expect(upstream.received).toHaveLength(expected === "200" ? 1 : 0);
  });

  it("does not hold for other messages of the route", async () => {
    const other = await ofPartner(`${API}/read`);
    expect(await outcome("/mcp", { token: other })).toBe("200");
    expect(await outcome("/mcp", { body: tool("ours"), token: other })).toBe("401 issuer-not-accepted 401 7");
    expect(upstream.received).toHaveLength(1);
  });
});

describe("hosts", () => {
  it("decide by the tables of their own route", async () => {
    expect(await outcome("/mcp")).toBe("200");
    const headers = { host: HOST };
    expect(await outcome("/mcp", { headers })).toBe("403 scope-insufficient 403 7");
    expect(await outcome("/mcp", { headers, body: tool("ours") })).toBe("403 message-unlisted 403 7");
    expect(upstream.received).toHaveLength(1);
  });

  it("have metadata of their own", async () => {
    const path = "/.well-known/oauth-protected-resource/mcp";
    const own = jsonOf(await call(gateway.origin, `GET ${path}`, { headers: { host: HOST } }));
    expect(own).toMatchObject({ resource: `http://${HOST}/mcp`, scopes_supported: [`${API}/admin`] });
    const { headers } = await post("/mcp", { headers: { host: HOST } });
    expect(headers.get("www-authenticate")).toContain(`resource_metadata="http://${HOST}${path}"`);
  });
});

describe("rate limits", () => {
  it("count messages by client, and refuse as an error of JSON-RPC", async () => {
    expect(await outcome("/clients", { body: tool("drop") })).toBe("403 message-unlisted 403 7");
    expect(await outcome("/clients")).toBe("200");
    const answer = await post("/clients");
    expect(answer.status).toBe(429);
    expect(answer.headers.get("retry-after")).toMatch(/^\d+$/);
    expect(answer.headers.get("content-type")).toBe("application/json");
    expect(jsonOf(answer)).toMatchObject({ jsonrpc: "2.0", id: 7, error: { code: 429 } });
    expect(upstream.received).toHaveLength(1);
  });

  it("count messages by address before they are read", async () => {
    const headers = { "cf-connecting-ip": "192.0.2.1" };
    expect(await outcome("/callers", { headers })).toBe("200");
    expect(await outcome("/callers", { headers, body: "[" })).toBe("429 rate-limited 429 null");
    expect(upstream.received).toHaveLength(1);
  });
});

describe("CORS", () => {
  it("lets pages of an origin send messages with their headers, and read refusals", async () => {
    const asked = ["authorization", "content-type", "mcp-protocol-version", "mcp-method", "mcp-name", "mcp-session-id"];
    const preflight = await call(gateway.origin, "OPTIONS /mcp", {
      headers: {
        origin: ORIGIN,
        "access-control-request-method": "POST",
        "access-control-request-headers": [...asked, "mcp-param-region", "last-event-id"].join(","),
      },
    });
    expect(preflight.status).toBe(204);
    const allowed = String(preflight.headers.get("access-control-allow-headers")).split(/, ?/);
    expect(allowed).toEqual(expect.arrayContaining([...asked, "mcp-param-region", "last-event-id"]));
    const refused = await post("/mcp", { body: tool("delete_order"), headers: { origin: ORIGIN } });
    expect(refused.status).toBe(403);
    expect(refused.headers.get("access-control-allow-origin")).toBe(ORIGIN);
    expect(String(refused.headers.get("access-control-expose-headers")).toLowerCase()).toContain("www-authenticate");
  });

  it("does not stand for `origins` of the route", async () => {
    expect(await outcome("/lists", { headers: { origin: ORIGIN } })).toBe("403 origin-refused 403 null");
    expect(upstream.received).toEqual([]);
  });
});

describe("DPoP", () => {
  const bound = () => issuer.token({ scope: `${API}/read`, cnf: { jkt } });
  async function withProof(body: string, claims: object = {}) {
    const own = await bound();
    const usual = { htm: "POST", htu: `${gateway.origin}/mcp`, iat: Math.floor(Date.now() / 1000), jti: randomUUID() };
    const dpop = await signProof(key, { ...usual, ath: hashOf(own), ...claims });
    return call(gateway.origin, "POST /mcp", {
      body,
      headers: { ...PLAIN, authorization: `DPoP ${own}`, dpop },
    });
  }

  it("holds for messages, of which a refusal is an error of JSON-RPC", async () => {
    expect((await withProof(tool("bound"))).status).toBe(200);
    const refused = await withProof(tool("bound"), { htm: "GET" });
    expect(refused.status).toBe(401);
    expect(refused.headers.get("www-authenticate")).toMatch(/^DPoP /);
    expect(jsonOf(refused)).toMatchObject({ id: null, error: { code: 401 } });
    const lacking = await withProof(tool("delete_order"));
    expect(lacking.status).toBe(403);
    expect(lacking.headers.get("www-authenticate")).toMatch(/DPoP .*insufficient_scope/);
    expect(upstream.received).toHaveLength(1);
    expect(upstream.received[0]?.headers["dpop"]).toBeUndefined();
  });
});

describe("the server", () => {
  it("that cannot be reached is told as an error of JSON-RPC", async () => {
    expect(await outcome("/nowhere")).toBe("502 upstream-unreachable 502 7");
  });

  it("gets the message under another path", async () => {
    expect(await outcome("/rewritten")).toBe("200");
    expect(upstream.received.map(({ target, body }) => ({ target, body }))).toEqual([
      { target: "/inner", body: tool("get_order") },
    ]);
  });

  it("that accepts a notification, or refuses a message by itself, is passed on", async () => {
    for (const [status, body] of [
      [202, ""],
      [400, '{"jsonrpc":"2.0","id":7,"error":{"code":-32602,"message":"no"}}'],
      [404, ""],
    ] as const) {
      upstream.handler = (_request, response) => response.writeHead(status, PLAIN).end(body);
      expect(await post("/mcp")).toMatchObject({ status, body });
    }
  });
});

const LIST = '{"jsonrpc":"2.0","id":7,"result":{"tools":[{"name":"get_order"},{"name":"delete_order"},{"name":"x"}]}}';
const LEFT = '{"jsonrpc":"2.0","id":7,"result":{"tools":[{"name":"get_order"}],"cacheScope":"private"}}';
const ask = async (path: string) => {
  const headers = { ...PLAIN, authorization: `Bearer ${token}` };
  const request = openRequest(gateway.origin, `POST ${path}`, headers);
  request.outgoing.end(message("tools/list"));
  return request;
};

describe("lists", () => {
  it.each<{ name: string; handler: Handler; expected: string }>([
    {
      name: "in JSON",
      handler: (_request, response) =>
        response.writeHead(200, { ...PLAIN, etag: '"1"', "content-length": LIST.length }).end(LIST),
      expected: LEFT,
    },
    {
      name: "compressed all the same",
      handler: (_request, response) =>
        response.writeHead(200, { ...PLAIN, "content-encoding": "gzip" }).end(gzipSync(LIST)),
      expected: LEFT,
    },
    {
      name: "in an event",
      handler: (_request, response) =>
        response.writeHead(200, { "content-type": "text/event-stream" }).end(`data: ${LIST}\r\n\r\n`),
      expected: `data: ${LEFT}\n\n`,
    },
  ])("lose what the token may not use: $name", async ({ handler, expected }) => {
    upstream.handler = handler;
    const { answer } = await ask("/lists");
    const response = await answer;
    expect(response.statusCode).toBe(200);
    expect((await bodyOf(response)).toString()).toBe(expected);
    for (const name of ["etag", "content-encoding"]) expect(response.headers[name]).toBeUndefined();
    expect(response.headers["cache-control"]).toBe("private, no-store");
  });

  it.each(["/lists", "/mcp"])("come at once in a stream that never ends: %s", async (path) => {
    const { promise: closed, resolve } = Promise.withResolvers<void>();
    upstream.handler = (_request, response) => {
      response.once("close", resolve);
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write(": hello\n\n");
      setTimeout(() => response.write(`data: ${LIST}\n\n`), 100);
    };
    const { answer, outgoing } = await ask(path);
    const response = await answer;
    expect(await nextChunk(response)).toBe(": hello\n\n");
    expect(await nextChunk(response)).toBe(`data: ${path === "/lists" ? LEFT : LIST}\n\n`);
    // The end of the connection is the cancellation of the message (MCP 2026-07-28, Cancellation).
    outgoing.on("error", () => undefined);
    response.on("error", () => undefined);
    outgoing.socket?.resetAndDestroy();
    await within("the end of the upstream's connection", closed);
  });
});
