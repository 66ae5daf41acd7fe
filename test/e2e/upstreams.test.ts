/** The kinds of upstreams, and what each gets about the caller. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { call, jsonOf, statusAndReason } from "../support/e2e/call.ts";
import { fullName, gatewayPolicy } from "../support/e2e/gateway-policy.ts";
import { sendLines } from "../support/e2e/socket.ts";
import { startGateway, type TestGateway } from "../support/e2e/test-gateway.ts";
import { startIssuer, type TestIssuer } from "../support/e2e/test-issuer.ts";
import { startUpstream, type TestUpstream } from "../support/e2e/test-upstream.ts";

/** Returns what it receives, as the upstream of this process does. */
const BOUND_WORKER = `
export default {
  async fetch(request) {
    if (request.url.endsWith("/slow")) return new Promise(() => setTimeout(() => {}, 60_000));
    if (request.url.endsWith("/broken")) throw new Error("at http://internal.example");
    const headers = Object.fromEntries(request.headers);
    return Response.json({ method: request.method, url: request.url, headers, body: await request.text() });
  },
};`;

let issuer: TestIssuer;
let upstream: TestUpstream;
let gateway: TestGateway;
let token: string;

beforeAll(async () => {
  [issuer, upstream] = await Promise.all([startIssuer(), startUpstream()]);
  gateway = await startGateway({
    policy: gatewayPolicy(issuer, upstream, {
      upstreams: {
        echo: { url: upstream.origin },
        prefixed: { url: `${upstream.origin}/base/v1/` },
        trusted: { url: upstream.origin, forwardAuthorization: true },
        lenient: { url: upstream.origin, allowPathParameters: true },
        slashes: { url: `${upstream.origin}/base`, allowEncodedSlash: true },
        bound: { service: "BOUND", timeoutMs: 200 },
        unbound: { service: "NOT_THERE" },
      },
      claimHeaders: {
        "x-user": "sub",
        "x-tenant": "/app~1meta/tenant",
        "x-groups": "groups",
        "x-admin": "admin",
        "x-level": "level",
        "x-name": "name",
        "x-address": "address",
        "x-nickname": "nickname",
      },
      routes: [
        { path: "/echo", methods: ["*"], authenticated: true, upstream: "echo" },
        { path: "/open/*", methods: ["*"], public: true, upstream: "echo" },
        { path: "/prefixed/*", methods: ["*"], public: true, upstream: "prefixed" },
        { path: "/trusted", methods: ["*"], authenticated: true, upstream: "trusted" },
        { path: "/trusted-open", methods: ["*"], public: true, upstream: "trusted" },
        { path: "/lenient/:id/items", methods: ["GET"], public: true, upstream: "lenient" },
        { path: "/lenient/:id/secrets", methods: ["GET"], authenticated: true, upstream: "lenient" },
        { path: "/slashes/:id/items", methods: ["GET"], public: true, upstream: "slashes" },
        { path: "/slashes/*", methods: ["GET"], authenticated: true, upstream: "slashes" },
        { path: "/bound/*", methods: ["*"], authenticated: true, upstream: "bound" },
        { path: "/unbound", methods: ["*"], authenticated: true, upstream: "unbound" },
      ],
    }),
    services: { BOUND: "bound" },
    workers: [{ name: "bound", script: BOUND_WORKER }],
  });
  token = await issuer.token({
    scope: fullName("read:orders"),
    "app/meta": { tenant: "acme" },
    groups: ["a", "b,c", "50%"],
    admin: true,
    level: 7,
    name: "Zoë\r\nX-Admin: true",
    address: { city: "Köln" },
    nickname: null,
  });
});

afterAll(async () => {
  await Promise.all([gateway?.dispose(), upstream?.stop(), issuer?.stop()]);
});

beforeEach(() => {
  upstream.received.length = 0;
});

const arrived = () => upstream.received.map(({ method, target }) => `${method} ${target}`);
const onlyClaims = (headers: Readonly<Record<string, unknown>> = {}) =>
  Object.fromEntries(
    Object.entries(headers).filter(
      ([name]) => /^(x-|x_|authorization$)/.test(name) && !/^x-(forwarded-|request-id)/.test(name),
    ),
  );

describe("an upstream behind a service binding", () => {
  it("gets the request like any other: path, query, body, claims, and no token", async () => {
    const answer = await call(gateway.origin, "POST /bound/a%20b?c=%2f", { token, body: "content" });
    expect(answer.status).toBe(200);
    const { headers, ...request } = jsonOf(answer);
    expect(request).toEqual({ method: "POST", url: `${gateway.origin}/bound/a%20b?c=%2f`, body: "content" });
    expect(headers).toMatchObject({
      "x-user": "user-1",
      "x-forwarded-host": new URL(gateway.origin).host,
      "content-length": "7",
    });
    expect(headers).not.toHaveProperty("authorization");
  });

  it("must keep its time limit", async () => {
    expect(statusAndReason(await call(gateway.origin, "GET /bound/slow", { token }))).toBe("504 upstream-timeout");
  });

  it("that throws is a 502 which does not say what it threw", async () => {
    const answer = await call(gateway.origin, "GET /bound/broken", { token });
    expect(statusAndReason(answer)).toBe("502 upstream-unreachable");
    expect(answer.body).not.toContain("internal.example");
  });

  it("that is not configured is a 502 which does not name the binding", async () => {
    const answer = await call(gateway.origin, "GET /unbound", { token, headers: { "x-request-id": "unbound" } });
    expect(statusAndReason(answer)).toBe("502 upstream-unreachable");
    expect(answer.body).not.toContain("NOT_THERE");
    expect(await gateway.decision("unbound")).toMatchObject({ detail: expect.stringContaining("NOT_THERE") });
  });
});

describe("an upstream with a path prefix", () => {
  it.each([
    { sent: "/prefixed/x?y=z", reached: "/base/v1/prefixed/x?y=z" },
    { sent: "/prefixed/a/b/", reached: "/base/v1/prefixed/a/b/" },
    { sent: "/prefixed/%C3%A9", reached: "/base/v1/prefixed/%C3%A9" },
  ])("gets $sent behind it", async ({ sent, reached }) => {
    await call(gateway.origin, `GET ${sent}`);
    expect(arrived()).toEqual([`GET ${reached}`]);
  });

  it.each(["/prefixed/../x", "/prefixed/%2e%2e/%2e%2e/x", "/prefixed/..%2fx"])("is not left by %s", async (sent) => {
    await sendLines(gateway.origin, [`GET ${sent} HTTP/1.1`]);
    expect(arrived()).toEqual([]);
  });
});

describe("an upstream that is trusted with the token", () => {
  it("gets it", async () => {
    await call(gateway.origin, "GET /trusted", { token });
    expect(upstream.received[0]?.headers["authorization"]).toBe(`Bearer ${token}`);
  });

  it.each([
    { name: "a token that was not verified", authorization: () => `Bearer ${token}` },
    { name: "other credentials", authorization: () => "Basic YTpi" },
  ])("gets no Authorization header on a public route: $name", async ({ authorization }) => {
    await call(gateway.origin, "GET /trusted-open", { headers: { authorization: authorization() } });
    expect(arrived()).toEqual(["GET /trusted-open"]);
    expect(upstream.received[0]?.headers["authorization"]).toBeUndefined();
  });
});

describe("an upstream that takes path parameters", () => {
  it.each([
    { sent: "/lenient/1;v=2/items", expected: "200", reached: ["GET /lenient/1;v=2/items"] },
    { sent: "/lenient/1%3bv=2/items", expected: "200", reached: ["GET /lenient/1%3Bv=2/items"] },
    { sent: "/lenient/1/items;a;b=c", expected: "200", reached: ["GET /lenient/1/items;a;b=c"] },
    { sent: "/lenient/1/secrets;items", expected: "401 credentials-missing", reached: [] },
    { sent: "/lenient/..;/items", expected: "400 path-ambiguous", reached: [] },
    { sent: "/lenient/;x/items", expected: "400 path-ambiguous", reached: [] },
    { sent: "/open/1;v=2", expected: "400 path-ambiguous", reached: [] },
  ])("gets them, and they decide nothing: $sent", async ({ sent, expected, reached }) => {
    expect(statusAndReason(await call(gateway.origin, `GET ${sent}`))).toBe(expected);
    expect(arrived()).toEqual(reached);
  });
});

describe("an upstream that takes encoded slashes", () => {
  it.each([
    { sent: "/slashes/a%2Fb/items", expected: "200", reached: ["GET /base/slashes/a%2Fb/items"] },
    { sent: "/slashes/a%2fb%2fc/items", expected: "200", reached: ["GET /base/slashes/a%2Fb%2Fc/items"] },
    { sent: "/slashes/a%2Fitems", expected: "401 credentials-missing", reached: [] },
    { sent: "/slashes%2Fa/items", expected: "400 path-ambiguous", reached: [] },
    { sent: "/slashes/a%2F/items", expected: "400 path-ambiguous", reached: [] },
    { sent: "/slashes/..%2Fa/items", expected: "400 path-ambiguous", reached: [] },
    { sent: "/open/a%2Fb", expected: "400 path-ambiguous", reached: [] },
  ])("gets them as they are, inside a segment: $sent", async ({ sent, expected, reached }) => {
    expect(statusAndReason(await call(gateway.origin, `GET ${sent}`))).toBe(expected);
    expect(arrived()).toEqual(reached);
  });
});

describe("claim headers", () => {
  it("are renamed and added as the policy says", async () => {
    await call(gateway.origin, "GET /echo", { token });
    expect(onlyClaims(upstream.received[0]?.headers)).toEqual({
      "x-user": "user-1",
      "x-auth-client-id": "app",
      "x-auth-scopes": fullName("read:orders"),
      "x-auth-issuer": issuer.url,
      "x-auth-token-id": "token-1",
      "x-tenant": "acme",
      "x-groups": "a,b%2Cc,50%25",
      "x-admin": "true",
      "x-level": "7",
      "x-name": "Zo%C3%AB%0D%0AX-Admin: true",
      "x-address": Buffer.from('{"city":"Köln"}').toString("base64url"),
    });
  });

  it.each([
    { name: "of a protected route", path: "/echo", withToken: true },
    { name: "of a public route", path: "/open/x", withToken: false },
    { name: "of a public route, with a token that nobody asked for", path: "/open/x", withToken: true },
  ])(
    "of a caller never get through under a name the gateway writes, in no spelling: $name",
    async ({ path, withToken }) => {
      const forged = "forged-by-the-caller";
      const names = [
        "X-User",
        "x_user",
        "x.user",
        "X-Tenant",
        "x-nickname",
        "X-Auth-Subject",
        "x_auth_scopes",
        "X-AUTH-ANYTHING",
      ];
      const lines = [`GET ${path} HTTP/1.1`, ...names.map((name) => `${name}: ${forged}`)];
      const answer = await sendLines(gateway.origin, withToken ? [...lines, `Authorization: Bearer ${token}`] : lines);
      expect(answer.status).toBe(200);
      expect(JSON.stringify(upstream.received[0]?.rawHeaders)).not.toContain(forged);
      if (path !== "/echo") expect(onlyClaims(upstream.received[0]?.headers)).toEqual({});
    },
  );
});
