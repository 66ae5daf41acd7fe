/** Where the gateway counts requests: on enforcing routes, and on routes that only report. */
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import createReports from "../src/features/report.ts";
import { createGateway } from "../src/gateway.ts";
import { createRateLimits } from "../src/rate-limits/create-rate-limits.ts";
import { createAuthenticator } from "../src/token/authenticate.ts";
import { limitPauses } from "../src/upstream/limit-pauses.ts";
import { createOwnHeaders } from "../src/upstream/own-headers.ts";
import { FakeKeyStore, keySetOf } from "./support/keys/fake-key-store.ts";
import { API, ISSUER_URL } from "./support/policy/example-policy.ts";
import { compiled } from "./support/policy/policy-file.ts";
import { claimsOf, createSigner, NOW_MS, type Signer, signToken } from "./support/token/tokens.ts";

const REPORT = { report: { until: new Date(NOW_MS).toISOString().slice(0, 10) } };
const limit = (binding: string, by: string) => ({ binding, limit: 1, periodSeconds: 60, by });
const cognito = (issuer: string) => ({ issuer, profile: "cognito", algorithms: ["ES256"] });
const policy = compiled({
  issuers: { main: cognito(ISSUER_URL), other: cognito("https://other.example") },
  resourceServers: { [API]: { scopes: { read: "" } } },
  upstreams: { plain: { url: "https://plain.internal" } },
  rateLimits: { callers: limit("CALLERS", "address"), clients: limit("CLIENTS", "client") },
  routes: [
    { path: "/enforced", scopes: ["read"] },
    { path: "/reported", scopes: ["read"], ...REPORT },
    { path: "/others", scopes: ["read"], issuers: ["other"], ...REPORT },
  ].map((route) => ({ methods: ["GET"], upstream: "plain", rateLimit: ["callers", "clients"], ...route })),
});

let signer: Signer;
beforeAll(async () => {
  signer = await createSigner("ES256");
});

let forwarded: Headers[];
let lines: Record<string, unknown>[];
let authenticated: number;
beforeEach(() => {
  forwarded = [];
  lines = [];
  authenticated = 0;
});

/** The status, the decision with its reason, the bindings that were asked, and whether a token was read. */
async function send(path: string, beyond: readonly string[], scope = `${API}/read`) {
  const asked: string[] = [];
  const binding = (name: string) => ({
    limit: async () => {
      asked.push(name);
      return { success: !beyond.includes(name) };
    },
  });
  const bindings = { CALLERS: binding("CALLERS"), CLIENTS: binding("CLIENTS") };
  const now = (): number => NOW_MS;
  const sleep = (): Promise<void> => new Promise(() => {});
  const authenticate = createAuthenticator({ policy, keys: new FakeKeyStore(keySetOf(signer.key)), now });
  const serve = createGateway({
    policy,
    log: (line) => lines.push({ ...line }),
    version: undefined,
    now,
    authenticate: (...question) => {
      authenticated++;
      return authenticate(...question);
    },
    reports: createReports(now),
    rateLimits: createRateLimits({ bindings, sleep, log: () => {} }),
    setOwnHeaders: createOwnHeaders({}, { now, sleep }),
    limitPauses,
    serveEndpoint: (exchange) => exchange.answer(new Response("own")),
    fetcherOf:
      () =>
      async (_request, { headers }) => {
        forwarded.push(new Headers(headers));
        return new Response("served");
      },
  });
  const authorization = `Bearer ${await signToken(signer, claimsOf({ scope }))}`;
  const { status } = await serve(new Request(`https://gw.example${path}`, { headers: { authorization } }), () => {});
  const [{ decision, reason } = {}] = lines;
  return { status, decided: [decision, reason].join(" ").trim(), asked };
}

describe("an enforcing route", () => {
  it("asks for the address, then for the client", async () => {
    expect(await send("/enforced", [])).toEqual({ status: 200, decided: "allow", asked: ["CALLERS", "CLIENTS"] });
    expect(forwarded).toHaveLength(1);
  });

  it("reads no token of an address beyond its limit", async () => {
    const expected = { status: 429, decided: "deny rate-limited", asked: ["CALLERS"] };
    expect(await send("/enforced", ["CALLERS"])).toEqual(expected);
    expect([authenticated, forwarded]).toEqual([0, []]);
  });

  it("does not count a client that it refuses for another reason", async () => {
    const expected = { status: 403, decided: "deny scope-insufficient", asked: ["CALLERS"] };
    expect(await send("/enforced", ["CLIENTS"], "")).toEqual(expected);
    expect(forwarded).toEqual([]);
  });

  it("refuses a client beyond its limit", async () => {
    const expected = { status: 429, decided: "deny rate-limited", asked: ["CALLERS", "CLIENTS"] };
    expect(await send("/enforced", ["CLIENTS"])).toEqual(expected);
    expect(forwarded).toEqual([]);
  });
});

describe("a route that only reports", () => {
  it.each([
    { beyond: ["CALLERS"], asked: ["CALLERS"] },
    { beyond: ["CLIENTS"], asked: ["CALLERS", "CLIENTS"] },
  ])("lets a request beyond $beyond go on, with the claims of its token", async ({ beyond, asked }) => {
    expect(await send("/reported", beyond)).toEqual({ status: 200, decided: "would-deny rate-limited", asked });
    expect(forwarded[0]?.get("x-auth-issuer")).toBe(ISSUER_URL);
  });

  it("passes on no claims of a token that it does not accept, though the address was refused first", async () => {
    const expected = { status: 200, decided: "would-deny rate-limited", asked: ["CALLERS"] };
    expect(await send("/others", ["CALLERS"])).toEqual(expected);
    expect(forwarded[0]?.has("x-auth-issuer")).toBe(false);
  });
});
