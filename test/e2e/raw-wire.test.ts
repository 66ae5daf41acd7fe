/** What reaches the upstream if a caller sends what no HTTP library would send. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { statusAndReason } from "../support/e2e/call.ts";
import { gatewayPolicy } from "../support/e2e/gateway-policy.ts";
import { sendLines } from "../support/e2e/socket.ts";
import { startGateway, type TestGateway } from "../support/e2e/test-gateway.ts";
import { startIssuer, type TestIssuer } from "../support/e2e/test-issuer.ts";
import { startUpstream, type TestUpstream } from "../support/e2e/test-upstream.ts";

let issuer: TestIssuer;
let upstream: TestUpstream;
let gateway: TestGateway;
let token: string;

beforeAll(async () => {
  [issuer, upstream] = await Promise.all([startIssuer(), startUpstream()]);
  gateway = await startGateway({
    policy: gatewayPolicy(issuer, upstream, {
      routes: [
        { path: "/open/*", methods: ["*"], public: true, upstream: "echo" },
        { path: "/listed", methods: ["GET"], public: true, upstream: "echo" },
        { path: "/admin/*", methods: ["*"], authenticated: true, upstream: "echo" },
      ],
    }),
  });
  token = await issuer.token();
});

afterAll(async () => {
  await Promise.all([gateway?.dispose(), upstream?.stop(), issuer?.stop()]);
});

beforeEach(() => {
  upstream.received.length = 0;
});

const arrived = () => upstream.received.map(({ method, target }) => `${method} ${target}`);

describe("a request to become a WebSocket", () => {
  it.each([{ method: "HEAD" }, { method: "POST" }, { method: "PUT" }, { method: "DELETE" }, { method: "OPTIONS" }])(
    "is none with $method, which stays what was authorized",
    async ({ method }) => {
      const lines = ["Upgrade: websocket", "Content-Length: 0"];
      const answer = await sendLines(gateway.origin, [`${method} /open/x HTTP/1.1`, ...lines]);
      expect(statusAndReason(answer)).toBe("200");
      expect(arrived()).toEqual([`${method} /open/x`]);
      expect(upstream.received[0]?.headers["upgrade"]).toBeUndefined();
    },
  );
});

describe("a path", () => {
  it.each([
    { name: "is passed on as it stands where it is canonical", sent: "/open/a~b.c-d_e", reached: "/open/a~b.c-d_e" },
    { name: "loses escapes that nothing needs", sent: "/open/%41%2d%7E", reached: "/open/A-~" },
    { name: "gets its other escapes in upper case", sent: "/open/caf%c3%a9%20", reached: "/open/caf%C3%A9%20" },
    { name: "is escaped where it holds raw bytes", sent: "/open/caf\xc3\xa9", reached: "/open/caf%C3%A9" },
    { name: "loses its fragment", sent: "/open/x#/../admin/x", reached: "/open/x" },
    {
      name: "is passed on with its query untouched",
      sent: "/open/x?a=../b&c=%2f//;%zz",
      reached: "/open/x?a=../b&c=%2f//;%zz",
    },
    { name: "loses an empty query", sent: "/open/x?", reached: "/open/x" },
    { name: "keeps a query of a question mark", sent: "/open/x??", reached: "/open/x??" },
    { name: "has apostrophes of its query escaped", sent: "/open/x?a='b'", reached: "/open/x?a=%27b%27" },
    { name: "is read with backslashes as slashes", sent: "/open\\x", reached: "/open/x" },
    { name: "is read with dot segments folded", sent: "/admin/../open/x", reached: "/open/x" },
    { name: "is read with encoded dot segments folded", sent: "/admin/%2E%2e/open/./x", reached: "/open/x" },
    {
      name: "may be part of an absolute target, whose host does not count",
      sent: "http://evil.example/open/x",
      reached: "/open/x",
    },
  ])("$name: $sent", async ({ sent, reached }) => {
    const answer = await sendLines(gateway.origin, [`GET ${sent} HTTP/1.1`]);
    expect(statusAndReason(answer)).toBe("200");
    expect(arrived()).toEqual([`GET ${reached}`]);
    expect(upstream.received[0]?.headers["host"]).toBe(new URL(upstream.origin).host);
  });

  it.each([
    { sent: "/open/../admin/x" },
    { sent: "/open/%2e%2e/admin/x" },
    { sent: "/open/.%2E/admin/x" },
    { sent: "/open/..\\admin\\x" },
    { sent: "http://evil.example/open/../admin/x" },
    { sent: "/%61dmin/x" },
  ])("is held to the requirement of what it comes to: $sent", async ({ sent }) => {
    expect(statusAndReason(await sendLines(gateway.origin, [`GET ${sent} HTTP/1.1`]))).toBe("401 credentials-missing");
    expect(arrived()).toEqual([]);
    const permitted = await sendLines(gateway.origin, [`GET ${sent} HTTP/1.1`, `Authorization: Bearer ${token}`]);
    expect(statusAndReason(permitted)).toBe("200");
    expect(arrived()).toEqual(["GET /admin/x"]);
  });

  it.each([
    { name: "that could name a host", sent: "//evil.example/open/x" },
    { name: "that could name a host behind an absolute target", sent: "http://a.example//evil.example/open/x" },
    { name: "with backslashes that could name a host", sent: "/\\evil.example/open/x" },
    { name: "with an empty segment", sent: "/open//x" },
    { name: "with an encoded slash", sent: "/open/..%2fadmin/x" },
    { name: "with an encoded backslash", sent: "/open/..%5Cadmin/x" },
    { name: "with an encoded NUL", sent: "/open/x%00.json" },
    { name: "with encoded line ends", sent: "/open/x%0d%0aX-Auth-Subject:%20eve" },
    { name: "with a malformed escape", sent: "/open/%zz" },
    { name: "with an escape cut short", sent: "/open/%4" },
    { name: "with an overlong dot", sent: "/open/%c0%ae%c0%ae/admin/x" },
    { name: "that is encoded twice", sent: "/open/%252e%252e/admin/x" },
    { name: "with a dot segment that has parameters", sent: "/open/..;/admin/x" },
    { name: "with path parameters", sent: "/open/x;y=z" },
    { name: "with encoded path parameters", sent: "/open/x%3by" },
    { name: "that is an asterisk", sent: "*" },
  ])("$name is refused: $sent", async ({ sent }) => {
    expect(statusAndReason(await sendLines(gateway.origin, [`GET ${sent} HTTP/1.1`]))).toBe("400 path-ambiguous");
    expect(arrived()).toEqual([]);
  });

  it("of 8 KiB is passed on, and a longer one is not", async () => {
    const longest = `/open/${"x".repeat(8192 - "/open/".length)}`;
    expect(statusAndReason(await sendLines(gateway.origin, [`GET ${longest} HTTP/1.1`]))).toBe("200");
    expect(arrived()).toEqual([`GET ${longest}`]);
    expect(statusAndReason(await sendLines(gateway.origin, [`GET ${longest}x HTTP/1.1`]))).toBe("414 path-too-long");
    expect(arrived()).toHaveLength(1);
  });
});

describe("a host", () => {
  it.each([
    ...["a b", "[::", "x:99999", "user@a.example", "a.example:80:80", "%61.example", "b\xc3\xbccher.example", "a,b"],
    // On plain workerd these would put a path before the one of the request line.
    ...["a.example/open/y?", "a.example\\open\\y\\..", "a.example/open/y#", "a.example//open", "a.example/"],
  ])("that is none is refused: %s", async (host) => {
    for (const path of ["/open/x", "/admin/x", "/_gateway/health"]) {
      const answer = await sendLines(gateway.origin, [`GET ${path} HTTP/1.1`, `Host: ${host}`]);
      expect(statusAndReason(answer)).toBe("400 path-ambiguous");
    }
    expect(arrived()).toEqual([]);
  });

  it("that is none is named by the log", async () => {
    await sendLines(gateway.origin, ["GET /open/x HTTP/1.1", "Host: a/b", "X-Request-Id: bad-host"]);
    expect(await gateway.decision("bad-host")).toMatchObject({
      detail: "The Host header is not a host name with an optional port.",
    });
  });

  it("that is given twice is refused", async () => {
    const answer = await sendLines(gateway.origin, ["GET /open/x HTTP/1.1", "Host: a.example", "Host: b.example"]);
    expect(answer.status).toBe(400);
    expect(arrived()).toEqual([]);
  });

  it.each(["shop.example", "shop.example:8443", "SHOP.example.", "127.0.0.1", "[::1]:8787", "my_service"])(
    "may have a port, and need not exist: %s",
    async (host) => {
      const answer = await sendLines(gateway.origin, ["GET /open/x HTTP/1.1", `Host: ${host}`]);
      expect(statusAndReason(answer)).toBe("200");
      expect(arrived()).toEqual(["GET /open/x"]);
    },
  );

  it("of the caller is told to the upstream, and is not where the request goes", async () => {
    await sendLines(gateway.origin, ["GET /open/x HTTP/1.1", "Host: shop.example", "X-Forwarded-Host: evil.example"]);
    expect(upstream.received[0]?.headers).toMatchObject({
      host: new URL(upstream.origin).host,
      "x-forwarded-host": "shop.example",
    });
  });
});

describe("a method", () => {
  it.each([
    { name: "HEAD is passed on", sent: "HEAD /open/x", expected: "200", reached: ["HEAD /open/x"] },
    { name: "HEAD is covered by GET", sent: "HEAD /listed", expected: "200", reached: ["HEAD /listed"] },
    {
      name: "OPTIONS without an origin is like any other",
      sent: "OPTIONS /open/x",
      expected: "200",
      reached: ["OPTIONS /open/x"],
    },
    { name: "OPTIONS has to be listed", sent: "OPTIONS /listed", expected: "405 method-not-allowed", reached: [] },
    {
      name: "that is rare is passed on where all are",
      sent: "PURGE /open/x",
      expected: "200",
      reached: ["PURGE /open/x"],
    },
    {
      name: "that is rare has to be listed elsewhere",
      sent: "PURGE /listed",
      expected: "405 method-not-allowed",
      reached: [],
    },
    { name: "TRACE is never served", sent: "TRACE /open/x", expected: "405 method-not-allowed", reached: [] },
    // The runtime refuses these two before they reach the gateway.
    { name: "in lower case is unknown", sent: "get /open/x", expected: "501", reached: [] },
    { name: "CONNECT is never served", sent: "CONNECT evil.example:443", expected: "500", reached: [] },
  ])("$name", async ({ sent, expected, reached }) => {
    expect(statusAndReason(await sendLines(gateway.origin, [`${sent} HTTP/1.1`]))).toBe(expected);
    expect(arrived()).toEqual(reached);
  });
});

describe("a body", () => {
  const framing = () =>
    Object.fromEntries(
      Object.entries(upstream.received[0]?.headers ?? {}).filter(([name]) =>
        ["content-length", "transfer-encoding"].includes(name),
      ),
    );

  it.each([
    {
      name: "of a GET is passed on where its length is known",
      lines: ["GET /open/x HTTP/1.1", "Content-Length: 3"],
      body: "abc",
      reached: { body: "abc", framing: { "content-length": "3" } },
    },
    {
      name: "of a GET without a length is left out, and with it all framing",
      lines: ["GET /open/x HTTP/1.1", "Transfer-Encoding: chunked"],
      body: "3\r\nabc\r\n0\r\n\r\n",
      reached: { body: "", framing: {} },
    },
    {
      name: "of a HEAD without a length is left out, and with it all framing",
      lines: ["HEAD /open/x HTTP/1.1", "Transfer-Encoding: chunked"],
      body: "3\r\nabc\r\n0\r\n\r\n",
      reached: { body: "", framing: {} },
    },
    {
      name: "in chunks is passed on in chunks",
      lines: ["POST /open/x HTTP/1.1", "Transfer-Encoding: chunked"],
      body: "1\r\na\r\n2\r\nbc\r\n0\r\n\r\n",
      reached: { body: "abc", framing: { "transfer-encoding": "chunked" } },
    },
    {
      name: "is passed on under one framing where the caller gives two",
      lines: ["POST /open/x HTTP/1.1", "Content-Length: 30", "Transfer-Encoding: chunked"],
      body: "3\r\nabc\r\n0\r\n\r\n",
      reached: { body: "abc", framing: { "transfer-encoding": "chunked" } },
    },
    {
      name: "that is empty is passed on as empty",
      lines: ["POST /open/x HTTP/1.1", "Content-Length: 0"],
      body: "",
      reached: { body: "", framing: { "content-length": "0" } },
    },
  ])("$name", async ({ lines, body, reached }) => {
    expect(statusAndReason(await sendLines(gateway.origin, lines, body))).toBe("200");
    expect({ body: upstream.received[0]?.body, framing: framing() }).toEqual(reached);
    expect(upstream.received).toHaveLength(1);
  });

  it("that breaks off on its way is told like an upstream that does, because the runtime tells no difference", async () => {
    const lines = ["POST /open/x HTTP/1.1", "Transfer-Encoding: chunked", "X-Request-Id: broken-off"];
    const answer = await sendLines(gateway.origin, lines, "4\r\nabcd\r\nno size\r\n");
    expect(statusAndReason(answer)).toBe("502 upstream-unreachable");
    expect(await gateway.decision("broken-off")).toMatchObject({
      detail: "Network connection lost. The caller may have broken off its body.",
    });
  });

  it("cannot hide a second request behind an ambiguous length", async () => {
    const hidden = "GET /admin/hidden HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\n\r\n";
    await sendLines(
      gateway.origin,
      [
        "POST /open/x HTTP/1.1",
        "Connection: keep-alive",
        `Content-Length: ${5 + hidden.length}`,
        "Transfer-Encoding: chunked",
      ],
      `0\r\n\r\n${hidden}`,
    );
    expect(arrived()).toEqual(["POST /open/x"]);
  });

  it.each([
    { name: "of two lengths", fields: ["Content-Length: 3", "Content-Length: 4"] },
    { name: "of a length that is none", fields: ["Content-Length: 3, 4"] },
    { name: "in a coding that is not chunked", fields: ["Transfer-Encoding: xchunked"] },
  ])("$name goes no further", async ({ fields }) => {
    const answer = await sendLines(gateway.origin, ["POST /open/x HTTP/1.1", ...fields], "abcd");
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(arrived()).toEqual([]);
  });
});

describe("headers", () => {
  const pairs = (rawHeaders: readonly string[] = []) =>
    rawHeaders.flatMap((name, index) => (index % 2 === 0 ? [`${name}: ${rawHeaders[index + 1]}`] : [])).sort();

  it("reach the upstream like this, and no others", async () => {
    const spoofs = [
      "X-Auth-Subject: eve",
      "x-auth-subject: eve",
      "X_Auth_Subject: eve",
      "X.Auth.Subject: eve",
      "X-Auth_Scopes: everything",
      "x-auth-anything: eve",
      "X-Forwarded-For: 192.0.2.66",
      "X-Forwarded-Anything: eve",
      "X_Forwarded_Host: evil.example",
      "Forwarded: for=192.0.2.66",
      "X-Original-URL: /admin/x",
      "X-Rewrite-URL: /admin/x",
      "X-HTTP-Method: DELETE",
      "X-HTTP-Method-Override: DELETE",
      "X_Method_Override: DELETE",
    ];
    const hopByHop = [
      "Connection: close, x-mine, X-Auth-Subject, x-request-id, via",
      "X-Mine: for this hop only",
      "Keep-Alive: timeout=5",
      "Proxy-Authorization: Basic ZXZlOmV2ZQ==",
      "Proxy-Connection: keep-alive",
      "TE: trailers",
      "Trailer: x-late",
      "Upgrade: h2c",
      "HTTP2-Settings: AAMAAABk",
    ];
    const kept = [
      "Accept: text/plain",
      "Accept-Encoding: gzip, br",
      "Cookie: a=b; c=d",
      "User-Agent: raw",
      "X-Bytes: caf\xe9",
      "X-Custom: kept",
      "x-lower: kept",
    ];
    const lines = [
      "GET /admin/x HTTP/1.1",
      `Authorization: Bearer ${token}`,
      ...spoofs,
      ...hopByHop,
      ...kept,
      "CF-Connecting-IP: 192.0.2.1",
      "Via: 1.0 before",
      "X-Request-Id: wire-1",
      "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
      "tracestate: a=b",
    ];
    expect((await sendLines(gateway.origin, lines)).status).toBe(200);
    expect(pairs(upstream.received[0]?.rawHeaders)).toEqual(
      [
        "Accept: text/plain",
        "Accept-Encoding: gzip, br",
        "CF-Connecting-IP: 192.0.2.1",
        // The runtime adds this to a request that no cache may answer.
        "Cache-Control: no-cache",
        "Pragma: no-cache",
        "Cookie: a=b; c=d",
        `Host: ${new URL(upstream.origin).host}`,
        "User-Agent: raw",
        "Via: 1.0 before, 1.1 scopegate",
        "X-Bytes: caf\xe9",
        "X-Custom: kept",
        "x-lower: kept",
        "x-auth-subject: user-1",
        "x-auth-client-id: app",
        `x-auth-issuer: ${issuer.url}`,
        "x-auth-token-id: token-1",
        "x-forwarded-for: 192.0.2.1",
        `x-forwarded-host: ${new URL(gateway.origin).host}`,
        "x-forwarded-proto: http",
        "x-request-id: wire-1",
        "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "tracestate: a=b",
      ].sort(),
    );
  });

  it.each([
    { name: "twice the same", fields: () => [`Authorization: Bearer ${token}`, `authorization: Bearer ${token}`] },
    { name: "of two kinds", fields: () => ["Authorization: Basic ZXZlOmV2ZQ==", `Authorization: Bearer ${token}`] },
    { name: "in one line", fields: () => [`Authorization: Bearer ${token}, Bearer ${token}`] },
  ])("with credentials $name are refused", async ({ fields }) => {
    const answer = await sendLines(gateway.origin, ["GET /admin/x HTTP/1.1", ...fields()]);
    expect(statusAndReason(answer)).toBe("400 credentials-malformed");
    expect(arrived()).toEqual([]);
  });

  it.each([
    { name: "in the query", target: () => `/admin/x?access_token=${token}`, fields: () => [] },
    { name: "in a cookie", target: () => "/admin/x", fields: () => [`Cookie: authorization=Bearer ${token}`] },
    { name: "under another spelling", target: () => "/admin/x", fields: () => [`X-Authorization: Bearer ${token}`] },
    { name: "for a proxy", target: () => "/admin/x", fields: () => [`Proxy-Authorization: Bearer ${token}`] },
  ])("with a token $name hold no credential", async ({ target, fields }) => {
    const answer = await sendLines(gateway.origin, [`GET ${target()} HTTP/1.1`, ...fields()]);
    expect(statusAndReason(answer)).toBe("401 credentials-missing");
    expect(arrived()).toEqual([]);
  });

  it("may be large, and are refused by the runtime where they are too large", async () => {
    const lines = (length: number) => ["GET /open/x HTTP/1.1", `X-Large: ${"x".repeat(length)}`];
    expect((await sendLines(gateway.origin, lines(30_000))).status).toBe(200);
    expect(upstream.received[0]?.headers["x-large"]).toHaveLength(30_000);
    expect((await sendLines(gateway.origin, lines(200_000))).status).toBe(431);
    expect(arrived()).toHaveLength(1);
  });

  it.each([
    { name: "that are folded", field: " folded: x" },
    { name: "with a space before the colon", field: "X-Auth-Subject : eve" },
    { name: "without a colon", field: "x-auth-subject" },
  ])("$name go no further", async ({ field }) => {
    const answer = await sendLines(gateway.origin, ["GET /open/x HTTP/1.1", "X-Before: y", field]);
    expect(answer.status).toBe(400);
    expect(arrived()).toEqual([]);
  });
});
