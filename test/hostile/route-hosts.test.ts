/** Routes that name hosts, over raw sockets against the built Worker; and `explain` says the same. */

import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { nobody } from "../../src/explain/caller.ts";
import { explainRequest } from "../../src/explain/explain-request.ts";
import { jsonOf, statusAndReason } from "../support/e2e/call.ts";
import { fullName, gatewayPolicy, variable } from "../support/e2e/gateway-policy.ts";
import { sendLines } from "../support/e2e/socket.ts";
import { startGateway, type TestGateway } from "../support/e2e/test-gateway.ts";
import { startIssuer, type TestIssuer } from "../support/e2e/test-issuer.ts";
import { startUpstream, type TestUpstream } from "../support/e2e/test-upstream.ts";
import { compiled } from "../support/policy/policy-file.ts";

const VARS = { ADMIN_HOST: "admin.example", SELF: "https://api.example" };
const ADMIN = [variable("ADMIN_HOST")];

let issuer: TestIssuer;
let upstream: TestUpstream;
let gateway: TestGateway;
let file: ReturnType<typeof gatewayPolicy>;
let token: string;

beforeAll(async () => {
  [issuer, upstream] = await Promise.all([startIssuer(), startUpstream()]);
  file = gatewayPolicy(issuer, upstream, {
    hosts: ["api.example", ...ADMIN, "localhost"],
    publicUrl: variable("SELF"),
    resources: { "/tools": { name: "Tools" } },
    routes: [
      { path: "/open", methods: ["GET"], public: true, upstream: "echo" },
      { path: "/users", methods: ["GET", "POST"], public: true, upstream: "echo" },
      { path: "/users/me", methods: ["GET"], public: true, upstream: "echo" },
      { path: "/tools/:id", methods: ["GET"], scopes: [fullName("read:products")], upstream: "echo" },
      { path: "/users", methods: ["GET"], authenticated: true, upstream: "echo", hosts: ADMIN },
      { path: "/users/:id", methods: ["GET"], scopes: [fullName("write:products")], upstream: "echo", hosts: ADMIN },
      { path: "/keys/", methods: ["GET"], public: true, upstream: "echo", hosts: [...ADMIN, "127.0.0.1"] },
    ],
  });
  gateway = await startGateway({ policy: file, vars: VARS });
  token = await issuer.token({ scope: fullName("read:products") });
});
afterAll(async () => {
  await Promise.all([gateway?.dispose(), upstream?.stop(), issuer?.stop()]);
});
beforeEach(() => {
  upstream.received.length = 0;
});

async function explained(host: string, method: string, path: string): Promise<string> {
  const asked = { method, url: `http://${host}${path}`, host };
  const { refusal } = await explainRequest(compiled(file, VARS), asked, nobody);
  return refusal === undefined ? "200" : `${refusal.status} ${refusal.reason}`;
}

describe("the host decides before the path, however specific the patterns are", () => {
  it.each([
    { host: "api.example", request: "GET /open", expected: "200" },
    { host: "admin.example", request: "GET /open", expected: "200" },
    { host: "api.example", request: "GET /users", expected: "200" },
    { host: "api.example", request: "POST /users", expected: "200" },
    { host: "api.example", request: "GET /users/me", expected: "200" },
    { host: "api.example", request: "GET /users/7", expected: "404 route-unknown" },
    { host: "api.example", request: "GET /keys/", expected: "404 route-unknown" },
    { host: "admin.example", request: "GET /users", expected: "401 credentials-missing" },
    { host: "ADMIN.example", request: "GET /users", expected: "401 credentials-missing" },
    { host: "admin.example:8443", request: "GET /users", expected: "401 credentials-missing" },
    { host: "admin.example", request: "HEAD /users", expected: "401" },
    { host: "admin.example", request: "POST /users", expected: "405 method-not-allowed" },
    { host: "admin.example", request: "GET /users/", expected: "404 route-unknown" },
    { host: "admin.example", request: "GET /users/me", expected: "401 credentials-missing" },
    { host: "admin.example", request: "GET /%75sers/me", expected: "401 credentials-missing" },
    { host: "admin.example", request: "GET /open/../users", expected: "401 credentials-missing" },
    { host: "admin.example", request: "GET /users%2Fme", expected: "400 path-ambiguous" },
    { host: "admin.example", request: "GET /users;x/me", expected: "400 path-ambiguous" },
    { host: "admin.example", request: "GET /keys/", expected: "200" },
    { host: "admin.example", request: "GET /keys", expected: "404 route-unknown" },
    { host: "localhost", request: "GET /keys/", expected: "200" },
    { host: "[::1]:1", request: "GET /keys/", expected: "200" },
    { host: "admin.example.", request: "GET /keys/", expected: "421 host-unknown" },
    { host: "x.admin.example", request: "GET /keys/", expected: "421 host-unknown" },
    { host: "api.example/keys/?", request: "GET /open", expected: "400 path-ambiguous" },
  ])("$request on $host: $expected", async ({ host, request, expected }) => {
    const answer = await sendLines(gateway.origin, [`${request} HTTP/1.1`, `Host: ${host}`, "Content-Length: 0"]);
    const found = request.startsWith("HEAD") ? String(answer.status) : statusAndReason(answer);
    expect(found).toBe(expected);
    expect(upstream.received).toHaveLength(expected === "200" ? 1 : 0);
    const [method = "", path = ""] = request.split(" ");
    if (!host.includes("/")) expect((await explained(host, method, path)).startsWith(expected)).toBe(true);
  });

  it.each([
    "X-Forwarded-Host: admin.example",
    "Forwarded: host=admin.example",
    "X-Original-Host: admin.example",
    ":authority: admin.example",
    "X-Host: admin.example",
    "Origin: https://admin.example",
  ])("and another header does not change it: %s", async (line) => {
    const answer = await sendLines(gateway.origin, ["GET /keys/ HTTP/1.1", "Host: api.example", line]);
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(upstream.received).toEqual([]);
  });

  it.each(["http://admin.example/keys/", "https://admin.example/keys/"])(
    "and the target %s does not change it",
    async (target) => {
      const answer = await sendLines(gateway.origin, [`GET ${target} HTTP/1.1`, "Host: api.example"]);
      expect(statusAndReason(answer)).toBe("404 route-unknown");
      expect(upstream.received).toEqual([]);
    },
  );

  it("and a token with the scope of another host's route opens nothing", async () => {
    const lines = [`GET /users/7 HTTP/1.1`, "Host: admin.example", `Authorization: Bearer ${token}`];
    expect(statusAndReason(await sendLines(gateway.origin, lines))).toBe("403 scope-insufficient");
    expect(upstream.received).toEqual([]);
  });
});

describe("each host has its own metadata", () => {
  const WELL_KNOWN = "/.well-known/oauth-protected-resource";
  const ask = (host: string, path: string) => sendLines(gateway.origin, [`GET ${path} HTTP/1.1`, `Host: ${host}`]);

  it.each([
    { host: "admin.example", resource: "http://admin.example", scopes: [fullName("write:products")] },
    { host: "admin.example:8443", resource: "http://admin.example:8443", scopes: [fullName("write:products")] },
    { host: "api.example", resource: "https://api.example", scopes: undefined },
    { host: "localhost", resource: "http://localhost", scopes: undefined },
  ])("of $host", async ({ host, resource, scopes }) => {
    const document = jsonOf(await ask(host, WELL_KNOWN)) as Record<string, unknown>;
    expect(document["resource"]).toBe(resource);
    expect(document["scopes_supported"]).toEqual(scopes);
    const tools = jsonOf(await ask(host, `${WELL_KNOWN}/tools`)) as Record<string, unknown>;
    expect(tools["resource"]).toBe(`${resource}/tools`);
    expect(tools["scopes_supported"]).toEqual([fullName("read:products")]);
  });

  it.each([
    { host: "admin.example", path: "/users", metadata: `http://admin.example${WELL_KNOWN}` },
    { host: "admin.example", path: "/tools/1", metadata: `http://admin.example${WELL_KNOWN}/tools` },
    { host: "api.example", path: "/tools/1", metadata: `https://api.example${WELL_KNOWN}/tools` },
  ])("and the challenge for $path on $host names it", async ({ host, path, metadata }) => {
    const answer = await ask(host, path);
    expect(answer.status).toBe(401);
    expect(answer.headers.get("www-authenticate")?.join()).toContain(`resource_metadata="${metadata}"`);
    expect(upstream.received).toEqual([]);
  });
});

describe("a var that makes the hosts of routes wrong stops the gateway", () => {
  it.each([
    { name: "is not served", vars: { ...VARS, ADMIN_HOST: "https://admin.example" } },
    { name: "makes two routes claim one path", vars: { ...VARS, ADMIN_HOST: "127.0.0.1" } },
  ])("$name", async ({ vars }) => {
    const running = await startGateway({ policy: file, vars });
    try {
      for (const host of ["api.example", "admin.example", "localhost"]) {
        const answer = await sendLines(running.origin, ["GET /open HTTP/1.1", `Host: ${host}`]);
        expect(statusAndReason(answer)).toBe("500 policy-invalid");
      }
      expect(upstream.received).toEqual([]);
    } finally {
      await running.dispose();
    }
  });
});
