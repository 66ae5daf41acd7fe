/** Which headers of an upstream's answer reach the caller. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { call } from "../support/e2e/call.ts";
import { gatewayPolicy } from "../support/e2e/gateway-policy.ts";
import { sendLines } from "../support/e2e/socket.ts";
import { startGateway, type TestGateway } from "../support/e2e/test-gateway.ts";
import { startIssuer, type TestIssuer } from "../support/e2e/test-issuer.ts";
import { startUpstream, type TestUpstream } from "../support/e2e/test-upstream.ts";

const ORIGIN_WIDE = { "alt-svc": 'h3=":443"', "clear-site-data": '"*"', "service-worker-allowed": "/" };
const TARGETED = {
  "cdn-cache-control": "max-age=600",
  "cloudflare-cdn-cache-control": "max-age=600",
  "surrogate-control": "max-age=600",
};

let issuer: TestIssuer;
let upstream: TestUpstream;
let gateway: TestGateway;
let token: string;
/** What the upstream answers with. */
let answered: { readonly status: number; readonly headers: Readonly<Record<string, string>> };

beforeAll(async () => {
  [issuer, upstream] = await Promise.all([startIssuer(), startUpstream()]);
  upstream.handler = (_request, response) => response.writeHead(answered.status, answered.headers).end();
  gateway = await startGateway({
    policy: gatewayPolicy(issuer, upstream, {
      upstreams: { echo: { url: upstream.origin }, site: { url: upstream.origin, originWide: true } },
      routes: [
        { path: "/me", methods: ["*"], authenticated: true, upstream: "echo" },
        { path: "/open", methods: ["*"], public: true, upstream: "echo" },
        { path: "/site", methods: ["*"], authenticated: true, upstream: "site" },
        { path: "/open-site", methods: ["*"], public: true, upstream: "site" },
      ],
    }),
  });
  token = await issuer.token();
});

afterAll(async () => {
  await Promise.all([gateway?.dispose(), upstream?.stop(), issuer?.stop()]);
});

describe("headers that act on the whole origin", () => {
  it.each([
    { path: "/me", isKept: false },
    { path: "/open", isKept: false },
    { path: "/site", isKept: true },
    { path: "/open-site", isKept: true },
  ])("reach callers only from an upstream that may send them: $path", async ({ path, isKept }) => {
    answered = { status: 200, headers: ORIGIN_WIDE };
    const answer = await call(gateway.origin, `GET ${path}`, { token });
    expect(answer.status).toBe(200);
    const found = Object.keys(ORIGIN_WIDE).filter((name) => answer.headers.has(name));
    expect(found).toEqual(isKept ? Object.keys(ORIGIN_WIDE) : []);
  });
});

describe("headers that tell some caches more than others", () => {
  it.each([
    { path: "/me", status: 200, expected: [] },
    { path: "/me", status: 304, expected: [] },
    { path: "/me", status: 404, expected: [] },
    { path: "/open", status: 200, expected: Object.keys(TARGETED) },
  ])("do not reach them with a protected answer: $status at $path", async ({ path, status, expected }) => {
    answered = { status, headers: { ...TARGETED, "cache-control": "no-store" } };
    const answer = await call(gateway.origin, `GET ${path}`, { token });
    expect(answer.status).toBe(status);
    expect(Object.keys(TARGETED).filter((name) => answer.headers.has(name))).toEqual(expected);
    expect(answer.headers.get("cache-control")).toBe("no-store");
  });
});

describe("an answer that a cache may store", () => {
  it.each([
    {
      name: "is kept apart for each token",
      path: "/me",
      status: 200,
      given: { "cache-control": "max-age=60" },
      vary: "Authorization",
    },
    {
      name: "stays apart when a 304 updates it",
      path: "/me",
      status: 304,
      given: { vary: "Accept" },
      vary: "Accept, Authorization",
    },
    { name: "is none without Cache-Control", path: "/me", status: 200, given: { vary: "Accept" }, vary: "Accept" },
    {
      name: "is none with no-store",
      path: "/me",
      status: 200,
      given: { "cache-control": "no-store" },
      vary: undefined,
    },
    { name: "may be public", path: "/open", status: 200, given: { "cache-control": "max-age=60" }, vary: undefined },
  ])("$name", async ({ path, status, given, vary }) => {
    answered = { status, headers: given as Readonly<Record<string, string>> };
    const answer = await sendLines(gateway.origin, [`GET ${path} HTTP/1.1`, `Authorization: Bearer ${token}`]);
    expect(answer.status).toBe(status);
    expect(answer.headers.get("vary")?.join(", ")).toBe(vary);
  });
});
