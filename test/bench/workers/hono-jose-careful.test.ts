import { afterAll, afterEach, beforeAll, expect, it, vi } from "vitest";
import { createIssuer, signTokens, type Tokens } from "../load/workloads.ts";
import app from "./hono-jose-careful.ts";

const ISSUER = "https://issuer.example/pool";
const ENV = { ISSUER_URL: ISSUER, PRODUCTS_URL: "https://products.example", KEYS: [] };

const issuer = createIssuer();
let tokens: Tokens;
/** Requests to the upstream. */
const reached: Request[] = [];
const lines: Readonly<Record<string, unknown>>[] = [];

beforeAll(async () => {
  tokens = await signTokens(issuer, ISSUER, 0);
  vi.stubGlobal("fetch", async (input: RequestInfo | URL, init?: RequestInit) => {
    const request = new Request(input, init);
    if (request.url.startsWith(ISSUER)) return Response.json(issuer.jwks);
    reached.push(request);
    return new Response("products", { headers: { "keep-alive": "timeout=5" } });
  });
  vi.spyOn(console, "log").mockImplementation((line) => void lines.push(line));
});
afterEach(() => {
  reached.length = 0;
  lines.length = 0;
});
afterAll(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

const read = (token: string | undefined, headers: Readonly<Record<string, string>> = {}) =>
  app.request(
    "https://gateway.example/products?page=2",
    { headers: { ...headers, ...(token !== undefined && { authorization: `Bearer ${token}` }) } },
    ENV,
  );

it("a permitted request reaches the upstream without its token and without forged headers", async () => {
  const response = await read(tokens.hot[0], { "x-auth-subject": "admin", "x-auth-roles": "admin", via: "1.1 forged" });
  expect(response.status).toBe(200);
  expect(response.headers.get("cache-control")).toBe("private, no-store");
  expect(response.headers.has("keep-alive")).toBe(false);
  const [request] = reached;
  expect(request?.url).toBe("https://products.example/products?page=2");
  expect(request?.headers.get("x-auth-subject")).not.toBe("admin");
  expect(["authorization", "x-auth-roles", "via"].filter((name) => request?.headers.has(name))).toEqual([]);
  expect(request?.headers.get("x-request-id")).toBe(response.headers.get("x-request-id"));
  expect(lines).toMatchObject([
    { status: 200, client_id: "customer", request_id: response.headers.get("x-request-id") },
  ]);
});

it.each([
  { name: "no token", token: () => undefined, reason: "token-missing" },
  { name: "a bad signature", token: () => tokens["bad-signature"][0], reason: "token-invalid" },
])(
  "a request with $name gets a problem document and a log line, and reaches no upstream",
  async ({ token, reason }) => {
    const response = await read(token());
    expect(response.status).toBe(401);
    expect(response.headers.get("content-type")).toBe("application/problem+json");
    expect(response.headers.has("www-authenticate")).toBe(true);
    expect(await response.json()).toMatchObject({ status: 401, title: reason });
    expect(lines).toMatchObject([{ status: 401, reason }]);
    expect(reached).toEqual([]);
  },
);
