import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DEFAULT_CLAIM_HEADERS } from "../../src/policy/compile/compile-claim-headers.ts";
import {
  createHeaderFilter,
  createHeaderFilters,
  type ForwardedRequest,
  isWebSocketUpgrade,
  upstreamRequestHeaders,
} from "../../src/upstream/request-headers.ts";
import { compiled, policyFileWith } from "../support/policy/policy-file.ts";

const isDropped = createHeaderFilter({
  claimHeaders: [...DEFAULT_CLAIM_HEADERS, { header: "x-user_email", source: { kind: "claim", path: ["email"] } }],
});
const TRACEPARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

function prepared(received: HeadersInit, changes: Partial<ForwardedRequest> = {}): Headers {
  return upstreamRequestHeaders(new Headers(received), isDropped, {
    url: new URL("https://gateway.example/orders"),
    upgrade: false,
    maxForwards: undefined,
    requestId: "request-1",
    traceparent: TRACEPARENT,
    tracestate: undefined,
    forwardAuthorization: false,
    claims: ["x-auth-subject", "user-1"],
    ...changes,
  });
}

describe("createHeaderFilter", () => {
  it.each([
    // Claim headers and what a CGI upstream takes for them.
    "x-auth-subject",
    "X-Auth-Subject",
    "X_Auth_Subject",
    "X.Auth.Subject",
    "x-auth_subject",
    "x!auth~subject",
    "x-auth-",
    "x_auth_",
    "x-auth-anything-else",
    "X_AUTH_ANYTHING",
    "x-user-email",
    "x-user_email",
    "X_User.Email",
    // What says who the caller is, or through whom the request came.
    "authorization",
    "Authorization",
    "forwarded",
    "via",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-proto",
    "x-forwarded-anything",
    "X_Forwarded_For",
    "x.forwarded.host",
    // What would change the path or the method behind the decision.
    "x-original-url",
    "X_Original_URL",
    "x-rewrite-url",
    "x-http-method",
    "x-http-method-override",
    "X_HTTP_Method_Override",
    "x-method-override",
    "Cloudflare-Workers-Version-Overrides",
    "cloudflare_workers_version_key",
    "cloudflare-workers-version-",
    // What the gateway writes anew.
    "x-request-id",
    "X_Request_Id",
    "traceparent",
    "tracestate",
    // Hop by hop.
    "connection",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "Proxy_Authorization",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "Transfer_Encoding",
    "upgrade",
    "http2-settings",
    // Other spellings of what describes the body.
    "content_length",
    "Content_Length",
    "content.type",
  ])("drops %s", (name) => {
    expect(isDropped(name)).toBe(true);
  });

  it.each([
    "accept",
    "content-type",
    "Content-Type",
    "content-length",
    "content-lengths",
    "cookie",
    "host",
    "if-none-match",
    "origin",
    "range",
    "sec-websocket-key",
    "sec-websocket-protocol",
    "user-agent",
    "x-api-key",
    "x-auth",
    "x-authentic",
    "xx-auth-subject",
    "x-forwarded",
    "x-user-email-2",
    "x-original-url-2",
    "cloudflare-workers-version",
    "teapot",
  ])("keeps %s", (name) => {
    expect(isDropped(name)).toBe(false);
  });

  it("gives the same answer each time, also after many other names", () => {
    const fresh = createHeaderFilter({ claimHeaders: DEFAULT_CLAIM_HEADERS });
    for (let count = 0; count < 2_000; count++) expect(fresh(`x-flood-${count}`)).toBe(false);
    for (let round = 0; round < 2; round++) {
      expect(fresh("x_auth_subject")).toBe(true);
      expect(fresh("x-auth-flooded")).toBe(true);
      expect(fresh("x-flood-1")).toBe(false);
    }
  });
});

describe("createHeaderFilters", () => {
  const filters = createHeaderFilters(
    compiled(
      policyFileWith({
        upstreams: {
          orders: { url: "https://orders.example" },
          legacy: { url: "https://legacy.example", allowHeaderNames: ["X_Legacy", "api.key"] },
        },
      }),
    ),
  );

  it.each([
    { upstream: "legacy", header: "x_legacy", expected: false },
    { upstream: "legacy", header: "X_LEGACY", expected: false },
    { upstream: "legacy", header: "api.key", expected: false },
    { upstream: "legacy", header: "api_key", expected: true },
    { upstream: "legacy", header: "x_auth_subject", expected: true },
    { upstream: "legacy", header: "script_name", expected: true },
    { upstream: "legacy", header: "x-legacy", expected: false },
    { upstream: "orders", header: "x_legacy", expected: true },
    { upstream: "orders", header: "x-legacy", expected: false },
    { upstream: undefined, header: "x_legacy", expected: true },
  ])("drops $header for $upstream: $expected", ({ upstream, header, expected }) => {
    for (let round = 0; round < 2; round++) {
      expect(filters(upstream === undefined ? undefined : { name: upstream })(header)).toBe(expected);
    }
  });

  it("lets no list excuse a spelling of a header that the gateway drops or writes", () => {
    const names = ["x_auth_subject", "x_forwarded_for", "script_name", "authorization", "x-user_email", "te"];
    const filter = createHeaderFilter(
      { claimHeaders: [{ header: "x-user-email", source: { kind: "claim", path: ["email"] } }] },
      new Set(names),
    );
    expect(names.filter((name) => !filter(name))).toEqual([]);
  });
});

describe("upstreamRequestHeaders", () => {
  it("lets no spelling of a claim header through", () => {
    const separator = fc.constantFrom(..."!#$%&'*+-.^_`|~");
    const word = fc.constantFrom("subject", "scopes", "client-id", "x", "");
    fc.assert(
      fc.property(separator, separator, word, fc.boolean(), (first, second, rest, isUpper) => {
        const name = `x${first}auth${second}${rest}`;
        const headers = prepared({ [isUpper ? name.toUpperCase() : name]: "root" });
        expect([...headers.values()]).not.toContain("root");
        expect(headers.get("x-auth-subject")).toBe("user-1");
      }),
    );
  });

  it("passes on the caller's other headers", () => {
    const received = {
      accept: "application/json",
      "content-type": "application/json",
      cookie: "a=b",
      "if-none-match": '"1"',
      origin: "https://shop.example",
      "x-api-key": "k",
    };
    expect(Object.fromEntries(prepared(received))).toMatchObject(received);
  });

  it("leaves the caller's own headers as they are", () => {
    const received = new Headers({ authorization: "Bearer a", "x-auth-subject": "root" });
    prepared(received);
    expect(Object.fromEntries(received)).toEqual({ authorization: "Bearer a", "x-auth-subject": "root" });
  });

  it("replaces what the caller says about where the request comes from", () => {
    const headers = prepared({
      "cf-connecting-ip": "203.0.113.7",
      forwarded: "for=10.0.0.1",
      "x-forwarded-for": "10.0.0.1",
      "x-forwarded-host": "evil.example",
      "x-forwarded-port": "1",
      "x-forwarded-proto": "http",
      "x-request-id": "theirs",
    });
    expect(headers.get("forwarded")).toBeNull();
    expect(headers.get("x-forwarded-port")).toBeNull();
    expect(headers.get("x-forwarded-for")).toBe("203.0.113.7");
    expect(headers.get("x-forwarded-host")).toBe("gateway.example");
    expect(headers.get("x-forwarded-proto")).toBe("https");
    expect(headers.get("x-request-id")).toBe("request-1");
  });

  it("sets no address if it is not known", () => {
    expect(prepared({ "x-forwarded-for": "10.0.0.1" }).has("x-forwarded-for")).toBe(false);
  });

  it("sets the port that the caller asked for", () => {
    const headers = prepared({}, { url: new URL("http://127.0.0.1:8787/orders") });
    expect(headers.get("x-forwarded-host")).toBe("127.0.0.1:8787");
    expect(headers.get("x-forwarded-proto")).toBe("http");
  });

  it.each([
    { name: "begins via", input: {}, expected: "1.1 scopegate" },
    { name: "adds itself behind others in via", input: { via: "2 first" }, expected: "2 first, 1.1 scopegate" },
    {
      name: "keeps via even where Connection names it",
      input: { via: "1.1 first", connection: "via" },
      expected: "1.1 first, 1.1 scopegate",
    },
  ])("$name", ({ input, expected }) => {
    expect(prepared(input as HeadersInit).get("via")).toBe(expected);
  });

  it("passes on what tells Cloudflare of a loop", () => {
    expect(prepared({ "cdn-loop": "cloudflare; subreqs=1" }).get("cdn-loop")).toBe("cloudflare; subreqs=1");
  });

  it.each([
    { name: "counts max-forwards down", maxForwards: 2, connection: "close", expected: "1" },
    { name: "counts max-forwards down to zero", maxForwards: 1, connection: "close", expected: "0" },
    {
      name: "keeps max-forwards even where Connection names it",
      maxForwards: 2,
      connection: "max-forwards",
      expected: "1",
    },
    { name: "leaves max-forwards alone where no limit is kept", connection: "close", expected: "9" },
  ])("$name", ({ maxForwards, connection, expected }) => {
    expect(prepared({ "max-forwards": "9", connection }, { maxForwards }).get("max-forwards")).toBe(expected);
  });

  it.each([
    { name: "without tracestate", tracestate: undefined, expected: null },
    { name: "with tracestate", tracestate: "vendor=1", expected: "vendor=1" },
  ])("writes the trace it is given, $name", ({ tracestate, expected }) => {
    const headers = prepared({ traceparent: "00-bad", tracestate: "theirs=1" }, { tracestate });
    expect(headers.get("traceparent")).toBe(TRACEPARENT);
    expect(headers.get("tracestate")).toBe(expected);
  });

  it.each([
    { name: "keeps the token from the upstream", forwardAuthorization: false, connection: "close", expected: null },
    {
      name: "passes it on where the policy says so",
      forwardAuthorization: true,
      connection: "close",
      expected: "Bearer a",
    },
    {
      name: "does so even where Connection names it",
      forwardAuthorization: true,
      connection: "authorization",
      expected: "Bearer a",
    },
  ])("$name", ({ forwardAuthorization, connection, expected }) => {
    const headers = prepared({ authorization: "Bearer a", connection }, { forwardAuthorization });
    expect(headers.get("authorization")).toBe(expected);
  });

  it("writes no claim headers except those it is given", () => {
    const headers = prepared(
      { "x-auth-subject": "root", "x-auth-scopes": "all", "x-user-email": "a@b" },
      { claims: [] },
    );
    expect([...headers.keys()].filter((name) => name.startsWith("x-auth") || name.startsWith("x-user"))).toEqual([]);
  });
});

describe("upstreamRequestHeaders and Connection", () => {
  it.each([
    "x-auth-subject",
    "X-Auth-Subject",
    "x-auth-subject, x-request-id, traceparent, x-forwarded-for, x-forwarded-host, x-forwarded-proto",
    "keep-alive, x-auth-subject",
    "\tx-auth-subject\t,",
  ])("removes nothing that the gateway says: Connection: %s", (connection) => {
    const headers = prepared({ connection, "cf-connecting-ip": "203.0.113.7" });
    expect(headers.get("x-auth-subject")).toBe("user-1");
    expect(headers.get("x-request-id")).toBe("request-1");
    expect(headers.get("traceparent")).toBe(TRACEPARENT);
    expect(headers.get("x-forwarded-for")).toBe("203.0.113.7");
    expect(headers.get("x-forwarded-host")).toBe("gateway.example");
    expect(headers.get("x-forwarded-proto")).toBe("https");
  });

  it("still knows the caller's address when Connection names where it stands", () => {
    const headers = prepared({ connection: "cf-connecting-ip", "cf-connecting-ip": "203.0.113.7" });
    expect(headers.get("x-forwarded-for")).toBe("203.0.113.7");
  });

  it.each([
    { connection: "x-hop", gone: ["x-hop"] },
    { connection: "X-Hop, x-other", gone: ["x-hop", "x-other"] },
    { connection: "close,x-hop", gone: ["x-hop"] },
    { connection: "content-type", gone: ["content-type"] },
    { connection: "", gone: [] },
    { connection: "close", gone: [] },
    { connection: "not a token, x hop, x-hop;", gone: [] },
  ])("removes what Connection names: $connection", ({ connection, gone }) => {
    const received = { "x-hop": "1", "x-other": "2", "content-type": "text/plain" };
    const headers = prepared({ ...received, connection });
    expect(headers.has("connection")).toBe(false);
    expect(
      Object.keys(received)
        .filter((name) => !headers.has(name))
        .sort(),
    ).toEqual([...gone].sort());
  });

  it.each([
    { name: "keeps the upgrade to a WebSocket", upgrade: true, expected: "websocket" },
    { name: "keeps no other upgrade", upgrade: false, expected: null },
  ])("$name", ({ upgrade, expected }) => {
    const received = {
      connection: "Upgrade",
      upgrade: "WebSocket",
      "sec-websocket-key": "k",
      "sec-websocket-version": "13",
    };
    const headers = prepared(received, { upgrade });
    expect(headers.get("upgrade")).toBe(expected);
    expect(headers.get("sec-websocket-key")).toBe("k");
    expect(headers.get("sec-websocket-version")).toBe("13");
  });
});

describe("isWebSocketUpgrade", () => {
  it.each([
    { name: "takes a GET", method: "GET", headers: { upgrade: "websocket" }, expected: true },
    { name: "in any case", method: "GET", headers: { upgrade: "WebSocket" }, expected: true },
    { name: "not without the header", method: "GET", headers: {}, expected: false },
    { name: "not another protocol", method: "GET", headers: { upgrade: "h2c" }, expected: false },
    { name: "not a list of protocols", method: "GET", headers: { upgrade: "websocket, h2c" }, expected: false },
    { name: "not HEAD", method: "HEAD", headers: { upgrade: "websocket" }, expected: false },
    { name: "not POST", method: "POST", headers: { upgrade: "websocket" }, expected: false },
  ])("$name", ({ method, headers, expected }) => {
    expect(isWebSocketUpgrade({ method, headers: new Headers(headers as HeadersInit) })).toBe(expected);
  });
});
