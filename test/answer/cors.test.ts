import { describe, expect, it } from "vitest";
import { applyCors, isPreflight, preflightResponse } from "../../src/answer/cors.ts";
import { allowedOrigins } from "../../src/http/allowed-origins.ts";
import { DEFAULT_CLAIM_HEADERS } from "../../src/policy/compile/compile-claim-headers.ts";
import type { CorsPolicy } from "../../src/policy/policy.ts";
import { createHeaderFilter } from "../../src/upstream/request-headers.ts";

const SHOP = "https://shop.example";
const LISTED: CorsPolicy = {
  origins: allowedOrigins([SHOP]),
  maxAgeSeconds: 600,
  exposedHeaders: ["x-total"],
  credentials: false,
};
const ANY: CorsPolicy = { ...LISTED, origins: "*" };
const PREVIEWS: CorsPolicy = { ...LISTED, origins: allowedOrigins([SHOP, "https://*.previews.example"]) };
const CREDENTIALS: CorsPolicy = { ...LISTED, credentials: true };
const EXPOSED = "www-authenticate, x-request-id, retry-after, x-total";

const isDropped = createHeaderFilter({ claimHeaders: DEFAULT_CLAIM_HEADERS });

/** The names that start with `access-control-`, and `vary`. */
function corsHeaders(headers: Headers): Record<string, string> {
  return Object.fromEntries([...headers].filter(([name]) => name.startsWith("access-control-") || name === "vary"));
}

function preflight(cors: CorsPolicy, origin: string, asked?: string): Response {
  const headers = new Headers({ origin, "access-control-request-method": "POST" });
  if (asked !== undefined) headers.set("access-control-request-headers", asked);
  const request = new Request("https://gw.example/orders", { method: "OPTIONS", headers });
  return preflightResponse(request, "GET, HEAD, POST", cors, isDropped);
}

describe("isPreflight", () => {
  const both = { origin: SHOP, "access-control-request-method": "GET" };
  it.each([
    { name: "takes OPTIONS with both headers for one", method: "OPTIONS", headers: both, expected: true },
    { name: "not OPTIONS without Origin", method: "OPTIONS", headers: { ...both, origin: undefined }, expected: false },
    { name: "not OPTIONS without the method", method: "OPTIONS", headers: { origin: SHOP }, expected: false },
    { name: "not OPTIONS alone", method: "OPTIONS", headers: {}, expected: false },
    { name: "not another method with both", method: "GET", headers: both, expected: false },
    { name: "not POST with both", method: "POST", headers: both, expected: false },
  ])("$name", ({ method, headers, expected }) => {
    const given = Object.entries(headers).filter(([, value]) => value !== undefined) as [string, string][];
    expect(isPreflight(new Request("https://gw.example/", { method, headers: given }))).toBe(expected);
  });
});

describe("applyCors", () => {
  it.each([
    {
      name: "permits an origin that is listed",
      cors: LISTED,
      origin: SHOP,
      expected: {
        "access-control-allow-origin": SHOP,
        "access-control-expose-headers": EXPOSED,
        vary: "Origin",
      },
    },
    {
      name: "permits it with credentials",
      cors: CREDENTIALS,
      origin: SHOP,
      expected: {
        "access-control-allow-origin": SHOP,
        "access-control-allow-credentials": "true",
        "access-control-expose-headers": EXPOSED,
        vary: "Origin",
      },
    },
    {
      name: "permits any origin",
      cors: ANY,
      origin: "https://anywhere.example",
      expected: { "access-control-allow-origin": "*", "access-control-expose-headers": EXPOSED },
    },
    { name: "permits no other origin", cors: LISTED, origin: "https://evil.example", expected: { vary: "Origin" } },
    {
      name: "permits no origin that begins alike",
      cors: LISTED,
      origin: `${SHOP}.evil.example`,
      expected: { vary: "Origin" },
    },
    { name: "permits no other port", cors: LISTED, origin: `${SHOP}:8443`, expected: { vary: "Origin" } },
    { name: "permits no other scheme", cors: LISTED, origin: "http://shop.example", expected: { vary: "Origin" } },
    {
      name: "permits one label in place of a `*`, and names it",
      cors: PREVIEWS,
      origin: "https://a1.previews.example",
      expected: {
        "access-control-allow-origin": "https://a1.previews.example",
        "access-control-expose-headers": EXPOSED,
        vary: "Origin",
      },
    },
    {
      name: "permits an origin that is listed beside a `*`",
      cors: PREVIEWS,
      origin: SHOP,
      expected: { "access-control-allow-origin": SHOP, "access-control-expose-headers": EXPOSED, vary: "Origin" },
    },
    {
      name: "permits credentials to one label in place of a `*`",
      cors: { ...PREVIEWS, credentials: true },
      origin: "https://a1.previews.example",
      expected: {
        "access-control-allow-origin": "https://a1.previews.example",
        "access-control-allow-credentials": "true",
        "access-control-expose-headers": EXPOSED,
        vary: "Origin",
      },
    },
    {
      name: "permits no two labels in place of a `*`",
      cors: PREVIEWS,
      origin: "https://a.b.previews.example",
      expected: { vary: "Origin" },
    },
    {
      name: "permits no origin that ends alike",
      cors: PREVIEWS,
      origin: "https://evil-previews.example",
      expected: { vary: "Origin" },
    },
    { name: "permits no opaque origin", cors: LISTED, origin: "null", expected: { vary: "Origin" } },
    {
      name: "permits nothing with credentials to others",
      cors: CREDENTIALS,
      origin: "null",
      expected: { vary: "Origin" },
    },
    {
      name: "says nothing without an origin but that it matters",
      cors: LISTED,
      origin: null,
      expected: { vary: "Origin" },
    },
    { name: "says nothing at all without an origin where any will do", cors: ANY, origin: null, expected: {} },
  ])("$name", ({ cors, origin, expected }) => {
    const headers = new Headers({ "content-type": "text/plain" });
    applyCors(headers, origin, cors);
    expect(corsHeaders(headers)).toEqual(expected);
    expect(headers.get("content-type")).toBe("text/plain");
  });

  it.each([
    { name: "an origin that is permitted", origin: SHOP, allowed: SHOP },
    { name: "one that is not", origin: "https://evil.example", allowed: null },
  ])("replaces what the upstream says, for $name", ({ origin, allowed }) => {
    const headers = new Headers({
      "access-control-allow-origin": "https://evil.example",
      "access-control-allow-credentials": "true",
      "access-control-allow-private-network": "true",
      "access-control-expose-headers": "set-cookie",
    });
    applyCors(headers, origin, LISTED);
    expect(headers.get("access-control-allow-origin")).toBe(allowed);
    expect(headers.get("access-control-allow-credentials")).toBeNull();
    expect(headers.get("access-control-allow-private-network")).toBeNull();
    expect(headers.get("access-control-expose-headers") ?? "").not.toContain("set-cookie");
  });

  it("adds to what the answer varies by", () => {
    const headers = new Headers({ vary: "Accept-Encoding" });
    applyCors(headers, SHOP, LISTED);
    expect(headers.get("vary")).toBe("Accept-Encoding, Origin");
  });
});

describe("preflightResponse", () => {
  it("permits the methods of the path and the headers that were asked for", () => {
    const response = preflight(LISTED, SHOP, "Authorization, Content-Type");
    expect(response.status).toBe(204);
    expect(response.body).toBeNull();
    expect(corsHeaders(response.headers)).toEqual({
      "access-control-allow-origin": SHOP,
      "access-control-allow-methods": "GET, HEAD, POST",
      "access-control-allow-headers": "authorization, content-type",
      "access-control-max-age": "600",
      vary: "Origin, Access-Control-Request-Method, Access-Control-Request-Headers",
    });
  });

  it("permits one label in place of a `*`, and no two", () => {
    const { headers } = preflight(PREVIEWS, "https://a1.previews.example", "authorization");
    expect(headers.get("access-control-allow-origin")).toBe("https://a1.previews.example");
    expect(headers.get("access-control-allow-methods")).toBe("GET, HEAD, POST");
    const other = preflight(PREVIEWS, "https://a.b.previews.example", "authorization");
    expect(corsHeaders(other.headers)).toEqual({
      vary: "Origin, Access-Control-Request-Method, Access-Control-Request-Headers",
    });
  });

  it("permits nothing to other origins", () => {
    const response = preflight(LISTED, "https://evil.example", "authorization");
    expect(response.status).toBe(204);
    expect(corsHeaders(response.headers)).toEqual({
      vary: "Origin, Access-Control-Request-Method, Access-Control-Request-Headers",
    });
  });

  it("permits credentials where the policy does", () => {
    expect(preflight(CREDENTIALS, SHOP).headers.get("access-control-allow-credentials")).toBe("true");
    expect(preflight(LISTED, SHOP).headers.get("access-control-allow-credentials")).toBeNull();
  });

  it("permits any origin where the policy does", () => {
    const { headers } = preflight(ANY, "https://anywhere.example", "authorization");
    expect(headers.get("access-control-allow-origin")).toBe("*");
    expect(headers.get("access-control-allow-headers")).toBe("authorization");
  });

  it.each([
    { name: "names no headers where none were asked for", asked: undefined, expected: null },
    { name: "names no headers where the list is empty", asked: " , ", expected: null },
    { name: "permits headers of the API's own", asked: "x-api-key,if-match", expected: "x-api-key, if-match" },
    { name: "permits no claim header", asked: "x-auth-subject, X_Auth_Scopes", expected: null },
    { name: "permits no header that says where a request came from", asked: "x-forwarded-for", expected: null },
    { name: "permits no header that changes the method", asked: "x-http-method-override", expected: null },
    { name: "leaves out those alone", asked: "accept, x-auth-subject", expected: "accept" },
    {
      name: "permits what the gateway takes from the caller",
      asked: "traceparent, tracestate, x-request-id",
      expected: "traceparent, tracestate, x-request-id",
    },
    { name: "passes over what is no header name", asked: 'x y, a"b, accept, *;', expected: "accept" },
  ])("$name", ({ asked, expected }) => {
    expect(preflight(LISTED, SHOP, asked).headers.get("access-control-allow-headers")).toBe(expected);
  });

  it.each([0, 86_400])("may be kept for %d seconds", (maxAgeSeconds) => {
    const response = preflight({ ...LISTED, maxAgeSeconds }, SHOP);
    expect(response.headers.get("access-control-max-age")).toBe(String(maxAgeSeconds));
  });
});
