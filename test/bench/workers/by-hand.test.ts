import { afterAll, afterEach, beforeAll, expect, it, vi } from "vitest";
import { createIssuer, signTokens, type Tokens } from "../load/workloads.ts";
import worker from "./by-hand.ts";

const ISSUER = "https://issuer.example/pool";
const issuer = createIssuer();
let tokens: Tokens;
/** Requests to the upstream. */
const reached: Request[] = [];
const lines: Readonly<Record<string, unknown>>[] = [];

beforeAll(async () => {
  tokens = await signTokens(issuer, ISSUER, 1);
  vi.stubGlobal("fetch", async (input: RequestInfo | URL, init?: RequestInit) => {
    reached.push(new Request(input, init));
    return new Response("products", { headers: { "keep-alive": "timeout=5", "alt-svc": "h3" } });
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

function read(token: string | undefined, headers: Readonly<Record<string, string>> = {}, path = "/products?page=2") {
  const request = new Request(`https://gateway.example${path}`, {
    headers: { ...headers, ...(token !== undefined && { authorization: `Bearer ${token}` }) },
  });
  const env = { ISSUER_URL: ISSUER, PRODUCTS_URL: "https://products.example", KEYS: [...issuer.jwks.keys] };
  return worker.fetch(request as Request<unknown, IncomingRequestCfProperties>, env as never);
}

it("a permitted request reaches the upstream with the headers that the gateway writes, and with no forged one", async () => {
  const forged = { "x-auth-subject": "admin", "x-auth-roles": "admin", via: "1.1 forged", "x-forwarded-for": "::1" };
  for (const cache of ["miss", "hit"]) {
    const response = await read(tokens.hot[0], { ...forged, accept: "text/html" });
    expect(response.status).toBe(200);
    expect(response.headers.get("cache-control")).toBe("private, no-store");
    expect(["keep-alive", "alt-svc"].filter((name) => response.headers.has(name))).toEqual([]);
    expect(lines.pop()).toMatchObject({ decision: "allow", status: 200, client_id: "customer", token_cache: cache });
    const request = reached.pop();
    expect(request?.url).toBe("https://products.example/products?page=2");
    expect(request?.headers.get("x-request-id")).toBe(response.headers.get("x-request-id"));
    expect(Object.values(forged)).not.toContain(request?.headers.get("x-auth-subject"));
    expect([...(request?.headers.keys() ?? [])]).toEqual([
      ...["accept", "traceparent", "via", "x-auth-client-id", "x-auth-issuer", "x-auth-scopes", "x-auth-subject"],
      ...["x-auth-token-id", "x-forwarded-host", "x-forwarded-proto", "x-request-id"],
    ]);
  }
});

it.each([
  { name: "no token", token: () => undefined, reason: "credentials-missing" },
  { name: "a bad signature", token: () => tokens["bad-signature"][0], reason: "signature-invalid" },
  { name: "another path", token: () => tokens.hot[0], path: "/orders", reason: "route-unknown" },
])("a request with $name gets a problem document and a log line, and reaches no upstream", async (row) => {
  const response = await read(row.token(), {}, row.path);
  expect(response.headers.get("content-type")).toBe("application/problem+json");
  expect(response.headers.get("cache-control")).toBe("no-store");
  expect(await response.json()).toMatchObject({ status: response.status, title: row.reason });
  expect(lines).toMatchObject([{ decision: "deny", status: response.status, reason: row.reason }]);
  expect(reached).toEqual([]);
});
