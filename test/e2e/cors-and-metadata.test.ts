/** Answers for browsers and OAuth clients: CORS (Fetch standard) and protected resource metadata (RFC 9728). */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { call, jsonOf, statusAndReason } from "../support/e2e/call.ts";
import { fullName, gatewayPolicy, type Members } from "../support/e2e/gateway-policy.ts";
import { startGateway, type TestGateway } from "../support/e2e/test-gateway.ts";
import { startIssuer, type TestIssuer } from "../support/e2e/test-issuer.ts";
import { startUpstream, type TestUpstream } from "../support/e2e/test-upstream.ts";

const SHOP = "https://shop.example";
const ORDERS = "https://orders.example/v1/";

let issuer: TestIssuer;
let upstream: TestUpstream;
/** Two origins and those one label below a third, with credentials. */
let listed: TestGateway;
/** Any origin. Two resource servers, three protected resources, and a public address. */
let anyone: TestGateway;
/** No CORS. */
let none: TestGateway;
let token: string;

beforeAll(async () => {
  [issuer, upstream] = await Promise.all([startIssuer(), startUpstream()]);
  const start = (changes: Members) => startGateway({ policy: gatewayPolicy(issuer, upstream, changes) });
  const base = gatewayPolicy(issuer, upstream);
  [listed, anyone, none] = await Promise.all([
    start({
      cors: {
        origins: ["https://other.example", SHOP, "https://*.previews.example"],
        credentials: true,
        exposedHeaders: ["x-total"],
        maxAgeSeconds: 5,
      },
    }),
    start({
      cors: { origins: "*" },
      publicUrl: "https://api.example",
      resourceServers: {
        ...base.resourceServers,
        [ORDERS]: { scopes: { "read:invoices": "Read invoices", "write:invoices": "Change invoices" } },
      },
      resources: { "/invoices": { name: "Invoices" }, "/invoices/old": {} },
      routes: [
        ...base.routes,
        { path: "/invoices/:id", methods: ["GET"], scopes: ["write:invoices", "read:products"], upstream: "echo" },
        { path: "/invoices/old/*", methods: ["GET"], authenticated: true, upstream: "echo" },
        { path: "/invoices", methods: ["GET"], scopes: ["read:invoices"], upstream: "echo" },
        { path: "/both", methods: ["GET"], scopes: ["read:products", "read:invoices"], upstream: "echo" },
      ],
    }),
    start({}),
  ]);
  token = await issuer.token({ scope: fullName("read:products") });
});

afterAll(async () => {
  await Promise.all([listed?.dispose(), anyone?.dispose(), none?.dispose(), upstream?.stop(), issuer?.stop()]);
});

beforeEach(() => {
  upstream.received.length = 0;
});

afterEach(() => {
  upstream.handler = undefined;
});

/** The CORS headers of an answer. */
function corsOf({ headers }: { readonly headers: Headers }): Readonly<Record<string, string>> {
  return Object.fromEntries([...headers].filter(([name]) => name.startsWith("access-control-") || name === "vary"));
}

const preflight = (gateway: TestGateway, path: string, headers: Readonly<Record<string, string>>) =>
  call(gateway.origin, `OPTIONS ${path}`, { headers: { "access-control-request-method": "POST", ...headers } });

describe("a preflight", () => {
  const VARY = "Origin, Access-Control-Request-Method, Access-Control-Request-Headers";

  it("from an allowed origin is answered from the policy, without a token and without the upstream", async () => {
    const asked =
      "authorization, content-type, x-request-id, x-auth-subject, x_auth_subject, x-forwarded-for, bad name";
    const answer = await preflight(listed, "/products", { origin: SHOP, "access-control-request-headers": asked });
    expect({ status: answer.status, body: answer.body }).toEqual({ status: 204, body: "" });
    expect(corsOf(answer)).toEqual({
      "access-control-allow-origin": SHOP,
      "access-control-allow-credentials": "true",
      "access-control-allow-methods": "GET, HEAD, POST",
      "access-control-allow-headers": "authorization, content-type, x-request-id",
      "access-control-max-age": "5",
      vary: VARY,
    });
    expect(answer.headers.get("x-request-id")).toMatch(/^[0-9a-f-]{36}$/);
    expect(upstream.received).toEqual([]);
  });

  it.each([
    { name: "that is not listed", origin: "https://evil.example" },
    { name: "that only begins like a listed one", origin: `${SHOP}.evil.example` },
    { name: "of another scheme", origin: "http://shop.example" },
    { name: "of another port", origin: `${SHOP}:8443` },
    { name: "in another case", origin: "https://SHOP.example" },
    { name: "that is opaque", origin: "null" },
    { name: "with two labels in place of one", origin: "https://a.b.previews.example" },
    { name: "with an empty label in place of one", origin: "https://.previews.example" },
    { name: "without the label", origin: "https://previews.example" },
    { name: "with the `*` itself", origin: "https://*.previews.example" },
    { name: "with the label in another case", origin: "https://A1.previews.example" },
    { name: "with the label and a port", origin: "https://a1.previews.example:8443" },
  ])("from an origin $name permits nothing", async ({ origin }) => {
    const answer = await preflight(listed, "/products", { origin });
    expect(corsOf(answer)).toEqual({ vary: VARY });
    expect(upstream.received).toEqual([]);
  });

  it("from one label in place of a `*` names that origin", async () => {
    const answer = await preflight(listed, "/products", { origin: "https://a1.previews.example" });
    expect(corsOf(answer)).toMatchObject({
      "access-control-allow-origin": "https://a1.previews.example",
      "access-control-allow-credentials": "true",
      vary: VARY,
    });
    expect(upstream.received).toEqual([]);
  });

  it("where any origin is allowed names none", async () => {
    const answer = await preflight(anyone, "/products", { origin: "https://evil.example" });
    expect(corsOf(answer)).toEqual({
      "access-control-allow-origin": "*",
      "access-control-allow-methods": "GET, HEAD, POST",
      "access-control-max-age": "600",
      vary: "Access-Control-Request-Method, Access-Control-Request-Headers",
    });
  });

  it("lets a browser read the gateway's own endpoints with headers of its own", async () => {
    const answer = await preflight(listed, "/.well-known/oauth-protected-resource", {
      origin: SHOP,
      "access-control-request-method": "GET",
      "access-control-request-headers": "mcp-protocol-version",
    });
    expect(answer.status).toBe(204);
    expect(corsOf(answer)).toMatchObject({
      "access-control-allow-origin": SHOP,
      "access-control-allow-methods": "GET, HEAD",
      "access-control-allow-headers": "mcp-protocol-version",
    });
  });

  it.each([
    { path: "/carts", expected: "404 route-unknown" },
    { path: "/products/", expected: "404 route-unknown" },
    { path: "//products", expected: "400 path-ambiguous" },
    { path: "/open;x", expected: "400 path-ambiguous" },
  ])("of a path that is not served permits nothing: $path", async ({ path, expected }) => {
    const answer = await preflight(listed, path, { origin: SHOP });
    expect(statusAndReason(answer)).toBe(expected);
    expect(answer.headers.has("access-control-allow-methods")).toBe(false);
    expect(answer.headers.get("access-control-allow-origin")).toBe(SHOP);
    expect(upstream.received).toEqual([]);
  });

  it.each([
    { name: "without an origin", headers: { "access-control-request-method": "POST" } },
    { name: "without the method that is meant", headers: { origin: SHOP } },
  ])("is an ordinary OPTIONS $name", async ({ headers }) => {
    expect(statusAndReason(await call(listed.origin, "OPTIONS /products", { headers }))).toBe("405 method-not-allowed");
    expect(statusAndReason(await call(listed.origin, "OPTIONS /open", { headers }))).toBe("200");
    expect(upstream.received.map(({ method }) => method)).toEqual(["OPTIONS"]);
  });

  it("is an ordinary OPTIONS where there is no CORS", async () => {
    const answer = await preflight(none, "/products", { origin: SHOP });
    expect(statusAndReason(answer)).toBe("405 method-not-allowed");
    expect(corsOf(answer)).toEqual({});
  });
});

describe("a request of a page", () => {
  const EXPOSED = "www-authenticate, x-request-id, retry-after, x-total";
  const ALLOWED = {
    "access-control-allow-origin": SHOP,
    "access-control-allow-credentials": "true",
    "access-control-expose-headers": EXPOSED,
    vary: "Origin",
  };

  it.each([
    { request: "GET /products", withToken: true, expected: "200" },
    { request: "GET /products", withToken: false, expected: "401 credentials-missing" },
    { request: "POST /products", withToken: true, expected: "403 scope-insufficient" },
    { request: "DELETE /products", withToken: true, expected: "405 method-not-allowed" },
    { request: "GET /carts", withToken: true, expected: "404 route-unknown" },
    { request: "GET //", withToken: true, expected: "400 path-ambiguous" },
    { request: "GET /open", withToken: false, expected: "200" },
    { request: "GET /_gateway/health", withToken: false, expected: "200" },
    { request: "GET /.well-known/oauth-protected-resource", withToken: false, expected: "200" },
  ])("may read the answer to $request: $expected", async ({ request, withToken, expected }) => {
    const options = withToken ? { token } : {};
    const answer = await call(listed.origin, request, { ...options, headers: { origin: SHOP } });
    expect(statusAndReason(answer)).toBe(expected);
    expect(corsOf(answer)).toEqual(ALLOWED);
  });

  it("of another origin is served, but the page may not read the answer", async () => {
    const answer = await call(listed.origin, "GET /products", { token, headers: { origin: "https://evil.example" } });
    expect(answer.status).toBe(200);
    expect(corsOf(answer)).toEqual({ vary: "Origin" });
  });

  it("is told the gateway's rules and not the upstream's", async () => {
    upstream.handler = (_request, response) => {
      response.setHeader("access-control-allow-origin", "*");
      response.setHeader("access-control-allow-credentials", "false");
      response.setHeader("access-control-allow-private-network", "true");
      response.setHeader("access-control-expose-headers", "x-secret");
      response.setHeader("vary", "Accept-Encoding");
      response.end();
    };
    const answer = await call(listed.origin, "GET /products", { token, headers: { origin: SHOP } });
    expect(corsOf(answer)).toEqual({ ...ALLOWED, vary: "Accept-Encoding, Origin" });
    const refused = await call(listed.origin, "GET /products", { token, headers: { origin: "https://evil.example" } });
    expect(corsOf(refused)).toEqual({ vary: "Accept-Encoding, Origin" });
  });

  it("is told the upstream's rules where the policy has none", async () => {
    const rules = { "access-control-allow-origin": SHOP, vary: "Origin" };
    upstream.handler = (_request, response) => response.writeHead(200, rules).end();
    expect(corsOf(await call(none.origin, "GET /products", { token, headers: { origin: SHOP } }))).toEqual(rules);
  });
});

describe("protected resource metadata", () => {
  const PATH = "/.well-known/oauth-protected-resource";

  it("names the issuers and the scopes that routes mention, of the one resource", async () => {
    const answer = await call(listed.origin, `GET ${PATH}`);
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toBe("application/json");
    expect(jsonOf(answer)).toEqual({
      resource: listed.origin,
      resource_name: "E-commerce API",
      authorization_servers: [issuer.url],
      scopes_supported: ["read:products", "write:products"].map(fullName),
      bearer_methods_supported: ["header"],
    });
  });

  it("is one document for each resource, with the scopes of its own routes", async () => {
    const common = { authorization_servers: [issuer.url], bearer_methods_supported: ["header"] };
    expect(jsonOf(await call(anyone.origin, `GET ${PATH}`))).toEqual({
      ...common,
      resource: "https://api.example",
      scopes_supported: [fullName("read:products"), fullName("write:products"), `${ORDERS}/read:invoices`],
    });
    expect(jsonOf(await call(anyone.origin, `GET ${PATH}/invoices`))).toEqual({
      ...common,
      resource: "https://api.example/invoices",
      resource_name: "Invoices",
      scopes_supported: [fullName("read:products"), `${ORDERS}/read:invoices`, `${ORDERS}/write:invoices`],
    });
    expect(jsonOf(await call(anyone.origin, `GET ${PATH}/invoices/old`))).toEqual({
      ...common,
      resource: "https://api.example/invoices/old",
    });
  });

  it.each(["api.myecommerce.com", "orders.example/v1", "invoices/", "invoices/7", "products"])(
    "is not there for what is no resource: %s",
    async (name) => {
      expect(statusAndReason(await call(anyone.origin, `GET ${PATH}/${name}`))).toBe("404 route-unknown");
    },
  );

  it.each([
    { request: "GET /products", path: PATH },
    { request: "GET /invoices", path: `${PATH}/invoices` },
    { request: "GET /invoices/7", path: `${PATH}/invoices` },
    { request: "GET /invoices/old/7", path: `${PATH}/invoices/old` },
    { request: "GET /both", path: PATH },
    { request: "GET /me", path: PATH },
  ])("is where the challenge to $request says it is", async ({ request, path }) => {
    const { headers } = await call(anyone.origin, request);
    const url = /resource_metadata="([^"]*)"/.exec(headers.get("www-authenticate") ?? "")?.[1];
    expect(url).toBe(`https://api.example${path}`);
    const document = await call(anyone.origin, `GET ${path}`);
    expect(document.status).toBe(200);
    // RFC 9728 3.3: the well-known path stands between the origin and the rest of the resource's own URL.
    expect(url).toBe(String(jsonOf(document)["resource"]).replace("https://api.example", `https://api.example${PATH}`));
    expect(upstream.received).toEqual([]);
  });

  it("is not of a host that a proxy's header names", async () => {
    const answer = await call(listed.origin, `GET ${PATH}`, { headers: { "x-forwarded-host": "evil.example" } });
    expect(jsonOf(answer)).toMatchObject({ resource: listed.origin });
  });
});

describe("a reserved path", () => {
  const METADATA = "/.well-known/oauth-protected-resource";

  it.each(["/_gateway/health", "/_gateway/ready", METADATA])("answers HEAD without a body: %s", async (path) => {
    const answer = await call(listed.origin, `HEAD ${path}`);
    expect({ status: answer.status, body: answer.body }).toEqual({ status: 200, body: "" });
    expect(answer.headers.get("cache-control")).toBe("no-store");
    expect(answer.headers.get("x-request-id")).toMatch(/^[0-9a-f-]{36}$/);
  });

  it.each(["/_gateway/health", "/_gateway/ready", METADATA])("takes no other method: %s", async (path) => {
    for (const method of ["POST", "PUT", "DELETE", "OPTIONS"]) {
      const answer = await call(listed.origin, `${method} ${path}`, { token });
      expect(statusAndReason(answer)).toBe("405 method-not-allowed");
      expect(answer.headers.get("allow")).toBe("GET, HEAD");
    }
    expect(upstream.received).toEqual([]);
  });

  it.each([
    "/_gateway",
    "/_gateway/",
    "/_gateway/secrets",
    "/_gateway/health/",
    "/%5fgateway/x",
    `${METADATA}/`,
    `${METADATA}/unknown`,
    `${METADATA}s`,
  ])("that is not one of them is unknown: %s", async (path) => {
    expect(statusAndReason(await call(listed.origin, `GET ${path}`, { token }))).toBe("404 route-unknown");
    expect(upstream.received).toEqual([]);
  });

  it("in another spelling is the same", async () => {
    expect(jsonOf(await call(listed.origin, "GET /%5Fgateway/he%61lth"))).toEqual({ status: "ok" });
  });
});
