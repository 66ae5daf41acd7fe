/** What the log says of requests that do not end well, and what their callers can write into it. */
import { beforeAll, beforeEach, expect, it } from "vitest";
import { Denial } from "../src/answer/denial.ts";
import { createGateway } from "../src/gateway.ts";
import { compilePolicy } from "../src/policy/compile/compile-policy.ts";
import { createDecisionLog, type DecisionLog } from "../src/telemetry/decision-log.ts";
import { createAuthenticator } from "../src/token/authenticate.ts";
import { FakeKeyStore, keySetOf } from "./support/keys/fake-key-store.ts";
import { API, ISSUER_URL } from "./support/policy/example-policy.ts";
import {
  assemble,
  claimsOf,
  createSigner,
  NOW_MS,
  NOW_SECONDS,
  type Signer,
  signToken,
} from "./support/token/tokens.ts";

const FILE = {
  issuers: { main: { issuer: ISSUER_URL, profile: "generic", audiences: ["api"], algorithms: ["ES256"] } },
  resourceServers: { [API]: { scopes: { "read:orders": "" } } },
  upstreams: { orders: { url: "https://orders.internal" } },
  routes: [{ path: "/orders", methods: ["GET"], scopes: ["read:orders"], upstream: "orders" }],
};

let signer: Signer;
let keys: FakeKeyStore;
let lines: Record<string, unknown>[];
let levels: unknown[];
let sent: number;
/** How long the next upstream takes, and what it does then. */
let upstream: { readonly ms: number; readonly answer: () => Response };
let nowMs: number;

beforeAll(async () => {
  signer = await createSigner("ES256");
});

beforeEach(() => {
  keys = new FakeKeyStore(keySetOf(signer.key));
  lines = [];
  levels = [];
  sent = 0;
  upstream = { ms: 0, answer: () => new Response("served") };
  nowMs = NOW_MS;
});

async function send(
  token: string | undefined,
  headers: Record<string, string> = {},
  sink?: DecisionLog,
): Promise<Response> {
  const compiled = compilePolicy(FILE, {});
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.failure));
  const policy = compiled.value;
  const now = () => nowMs;
  const serve = createGateway({
    policy,
    now,
    log:
      sink ??
      ((line, level) => {
        lines.push(JSON.parse(JSON.stringify(line)));
        levels.push(level);
      }),
    version: undefined,
    authenticate: createAuthenticator({ policy, keys, now }),
    serveEndpoint: (exchange) => exchange.answer(new Response()),
    fetcherOf: () => async () => {
      sent += 1;
      nowMs += upstream.ms;
      return upstream.answer();
    },
    setOwnHeaders: () => undefined,
    limitPauses: (response) => response,
  });
  const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };
  return serve(new Request("https://gw.example/orders", { headers: { ...headers, ...authorization } }), () => {});
}

/** The members that say something of a token. */
function ofToken(line: Record<string, unknown> | undefined): Record<string, unknown> {
  const names = ["issuer", "client_id", "subject", "tenant", "audience", "expired_seconds", "unverified_iss", "kid"];
  return Object.fromEntries(Object.entries(line ?? {}).filter(([name]) => names.includes(name)));
}

const HOLDER = { issuer: ISSUER_URL, client_id: "admin", subject: "user-1", audience: ["api"] };
const TRICKS = "\r\n\u001b[31m\u009b2J\u202e";
const SHOWN = "\\u{d}\\u{a}\\u{1b}[31m\\u{9b}2J\\u{202e}";

it.each([
  { name: "no token", token: async () => undefined, reason: "credentials-missing", expected: {} },
  { name: "a token that cannot be read", token: async () => "a.b.c", reason: "token-malformed", expected: {} },
  {
    name: "an unknown issuer",
    token: () => signToken(signer, claimsOf({ iss: `https://evil.example/${TRICKS}` })),
    reason: "issuer-unknown",
    expected: { unverified_iss: `https://evil.example/${SHOWN}`, kid: "key-1" },
  },
  {
    name: "a kid full of tricks",
    token: async () => assemble({ alg: "ES256", kid: TRICKS.repeat(200) }),
    reason: "key-unknown",
    expected: { unverified_iss: ISSUER_URL, kid: `${SHOWN.repeat(200).slice(0, 253)}...` },
  },
  {
    name: "a token as kid",
    token: async () => assemble({ alg: "ES256", kid: assemble({ alg: "ES256" }) }),
    reason: "key-unknown",
    expected: { unverified_iss: ISSUER_URL, kid: "[token]" },
  },
  {
    name: "another one's client in an unverified token",
    token: async () => assemble({ alg: "ES256", kid: "key-1" }, claimsOf({ client_id: "victim" })),
    reason: "signature-invalid",
    expected: { unverified_iss: ISSUER_URL, kid: "key-1" },
  },
  {
    name: "an expired token",
    token: () => signToken(signer, claimsOf({ exp: NOW_SECONDS - 3_600 })),
    reason: "token-expired",
    expected: { ...HOLDER, expired_seconds: 3_600 },
  },
  {
    name: "another audience",
    token: () => signToken(signer, claimsOf({ aud: ["other", `${TRICKS}x`] })),
    reason: "audience-mismatch",
    expected: { ...HOLDER, audience: ["other", `${SHOWN}x`] },
  },
  {
    name: "too few scopes",
    token: () => signToken(signer, claimsOf({ sub: TRICKS, client_id: TRICKS })),
    reason: "scope-insufficient",
    expected: { ...HOLDER, subject: SHOWN, client_id: SHOWN },
  },
])("a refused request: $name", async ({ token, reason, expected }) => {
  const text = await token();
  const response = await send(text);
  expect(lines).toMatchObject([{ event: "decision", decision: "deny", reason, status: response.status }]);
  expect(levels).toEqual([undefined]);
  expect(ofToken(lines[0])).toEqual(expected);
  expect(sent).toBe(0);
  for (const part of (text ?? "").split(".").filter(({ length }) => length > 8)) {
    expect(JSON.stringify(lines)).not.toContain(part);
  }
});

it.each([
  {
    name: "keys that nobody can get",
    arrange: () => {
      keys = new FakeKeyStore();
      keys.loaded = new Denial("keys-unavailable", undefined, 30);
    },
    reason: "keys-unavailable",
    status: 503,
    calls: 0,
  },
  {
    name: "an upstream that fails",
    arrange: () => {
      upstream = {
        ms: 7,
        answer: () => {
          throw new Error("connection refused");
        },
      };
    },
    reason: "upstream-unreachable",
    status: 502,
    calls: 1,
  },
])("a 5xx of the gateway is an error, and no denial: $name", async ({ arrange, reason, status, calls }) => {
  arrange();
  await send(await signToken(signer, claimsOf({ scope: `${API}/read:orders` })));
  expect(lines).toMatchObject([{ decision: "error", reason, status }]);
  expect(levels).toEqual(["error"]);
  expect(sent).toBe(calls);
});

it("a 5xx of the upstream is its own, and the request was let through", async () => {
  upstream = { ms: 1, answer: () => new Response("", { status: 500 }) };
  await send(await signToken(signer, claimsOf({ scope: `${API}/read:orders` })));
  expect(lines).toMatchObject([{ decision: "allow", status: 500, upstream_status: 500 }]);
  expect(levels).toEqual([undefined]);
});

it("a line tells when the request came, how long it took, and how much of that the upstream", async () => {
  upstream = { ms: 250, answer: () => new Response("served") };
  await send(await signToken(signer, claimsOf({ scope: `${API}/read:orders` })));
  expect(lines).toMatchObject([
    { status: 200, time: new Date(NOW_MS).toISOString(), duration_ms: 250, upstream_ms: 250 },
  ]);
  await send(undefined);
  expect(lines[1]).toMatchObject({ time: new Date(NOW_MS + 250).toISOString(), duration_ms: 0 });
  expect(lines[1]).not.toHaveProperty("upstream_ms");
});

it.each([
  { name: "Cloudflare's", ray: "8c4f0a1b2c3d4e5f-FRA", expected: "8c4f0a1b2c3d4e5f-FRA" },
  { name: "a long one of a caller", ray: "x".repeat(65), expected: `${"x".repeat(61)}...` },
  { name: "a token", ray: "eyJhbGciOiJFUzI1NiJ9.e30.c2ln", expected: "[token]" },
])("a line has the id of the ray: $name", async ({ ray, expected }) => {
  await send(undefined, { "cf-ray": ray });
  expect(lines).toMatchObject([{ cf_ray: expected }]);
});

const throws = () => {
  throw new Error("no");
};
it.each<{ name: string; log: () => void; writeDataPoint: () => unknown; random?: () => number }>([
  { name: "throws", log: throws, writeDataPoint: throws },
  { name: "refuses", log: () => {}, writeDataPoint: () => Promise.reject(new Error("no")) },
  { name: "hangs", log: () => {}, writeDataPoint: () => new Promise(() => {}) },
  { name: "is full of errors of its own", log: throws, writeDataPoint: throws, random: throws as () => number },
])("an answer is the same with a sink that $name", async ({ log, writeDataPoint, random = Math.random }) => {
  const telemetry = { allow: 0.5, deny: 0.5, path: true, metrics: "METRICS" };
  const bindings = { METRICS: { writeDataPoint } };
  const sink = createDecisionLog(telemetry, { log, logFailure: log, bindings, random });
  const good = await signToken(signer, claimsOf({ scope: `${API}/read:orders` }));
  const headers = { "x-request-id": "request-1" };
  const answer = async (response: Response) => [response.status, [...response.headers], await response.text()];
  for (const token of [good, await signToken(signer), "a.b.c", undefined]) {
    expect(await answer(await send(token, headers, sink))).toEqual(await answer(await send(token, headers)));
  }
  expect(sent).toBe(2);
});
