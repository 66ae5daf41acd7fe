import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { Denial, type Reason } from "../src/answer/denial.ts";
import createReports from "../src/features/report.ts";
import { createGateway } from "../src/gateway.ts";
import { loadCompiledPolicy } from "../src/policy/compiled/load-compiled-policy.ts";
import { OPTIONAL_MODULES } from "../src/policy/compiled/optional-modules.ts";
import { compileForWorker } from "../src/policy/compiled/serialize-policy.ts";
import type { ServedPolicy } from "../src/policy/policy.ts";
import { type Authenticate, createAuthenticator } from "../src/token/authenticate.ts";
import { createWithAuthentication } from "../src/token/step-up/with-authentication.ts";
import { limitPauses } from "../src/upstream/limit-pauses.ts";
import { createOwnHeaders } from "../src/upstream/own-headers.ts";
import { FakeKeyStore, keySetOf } from "./support/keys/fake-key-store.ts";
import { API, ISSUER_URL } from "./support/policy/example-policy.ts";
import { claimsOf, createSigner, NOW_MS, type Signer, signToken } from "./support/token/tokens.ts";

const UNTIL = new Date(NOW_MS).toISOString().slice(0, 10);
const REPORT = { report: { until: UNTIL } };
const ENDS_AT = Date.parse(UNTIL) + 24 * 60 * 60 * 1000;
const OTHER_ISSUER = "https://other.example";
const cognito = (issuer: string) => ({ issuer, profile: "cognito", algorithms: ["ES256"] });
const FILE = {
  issuers: { main: cognito(ISSUER_URL), other: cognito(OTHER_ISSUER) },
  resourceServers: { [API]: { scopes: { read: "", write: "" } } },
  assertion: { issuer: "https://gw.example", trustDomain: "internal.example", keys: { secret: "KEYS" } },
  upstreams: {
    plain: { url: "https://plain.internal" },
    trusting: { url: "https://trusting.internal", forwardAuthorization: true, assertion: true },
    failing: { url: "https://failing.internal" },
  },
  routes: [
    { path: "/read", scopes: ["read"], ...REPORT },
    { path: "/enforced", scopes: ["read"] },
    { path: "/trusting", scopes: ["read"], upstream: "trusting", ...REPORT },
    { path: "/own/:id", scopes: { allOf: [{ param: "id", equals: "sub" }] }, upstream: "trusting", ...REPORT },
    { path: "/recent", authenticated: true, authentication: { maxAgeSeconds: 60 }, upstream: "trusting", ...REPORT },
    { path: "/main-only", authenticated: true, issuers: ["main"], upstream: "trusting", ...REPORT },
    { path: "/bound", authenticated: true, senderConstrained: true, upstream: "trusting", ...REPORT },
    { path: "/optional", optional: true, upstream: "trusting", ...REPORT },
    { path: "/failing", scopes: ["read"], upstream: "failing", ...REPORT },
  ].map((route) => ({ methods: ["GET"], upstream: "plain", ...route })),
};

let signer: Signer;
let policy: ServedPolicy;
let forwarded: Headers[];
let lines: Record<string, unknown>[];
let nowMs: number;
let answer: () => Response;

beforeAll(async () => {
  signer = await createSigner("ES256");
  const compiled = compileForWorker(FILE, {});
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.failure));
  // The Worker gets it as JSON.
  const { assertion, ...rest } = JSON.parse(JSON.stringify(compiled.value));
  const loaded = loadCompiledPolicy(rest, {}, OPTIONAL_MODULES);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.failure));
  policy = loaded.value;
});

beforeEach(() => {
  nowMs = NOW_MS;
  forwarded = [];
  lines = [];
  answer = () => new Response("served");
});

interface Sending {
  readonly authorization?: string | undefined;
  readonly authenticate?: Authenticate;
  readonly hasModule?: boolean;
}

async function send(path: string, { authorization, authenticate, hasModule = true }: Sending = {}): Promise<Response> {
  const now = (): number => nowMs;
  const serve = createGateway({
    policy,
    log: (line) => lines.push({ ...line }),
    version: undefined,
    now,
    authenticate: authenticate ?? createAuthenticator({ policy, keys: new FakeKeyStore(keySetOf(signer.key)), now }),
    ...(hasModule && { reports: createReports(now) }),
    withAuthentication: createWithAuthentication(now),
    setOwnHeaders: createOwnHeaders({}, { now, sleep: () => new Promise(() => {}) }),
    assertCaller: () => "signed",
    limitPauses,
    serveEndpoint: (exchange) => exchange.answer(new Response("own")),
    fetcherOf:
      () =>
      async (_request, { headers }) => {
        forwarded.push(new Headers(headers));
        return answer();
      },
  });
  const headers = authorization === undefined ? {} : { authorization };
  return serve(new Request(`https://gw.example${path}`, { headers }), () => {});
}

const tokenWith = async (claims: Record<string, unknown> = {}): Promise<string> =>
  `Bearer ${await signToken(signer, claimsOf({ scope: `${API}/read`, ...claims }))}`;

describe("a route that only reports", () => {
  it.each<{ name: string; path: string; authorization?: () => Promise<string> | string; reason: Reason }>([
    { name: "no token", path: "/read", reason: "credentials-missing" },
    { name: "two tokens", path: "/read", authorization: () => "Bearer a, Bearer b", reason: "credentials-malformed" },
    { name: "rubbish", path: "/read", authorization: () => "Bearer rubbish", reason: "token-malformed" },
    {
      name: "an expired token",
      path: "/read",
      authorization: () => tokenWith({ exp: 1 }),
      reason: "token-expired",
    },
    {
      name: "an unknown issuer",
      path: "/read",
      authorization: () => tokenWith({ iss: "https://nobody.example" }),
      reason: "issuer-unknown",
    },
    {
      name: "a bad token where none is needed",
      path: "/optional",
      authorization: () => "Bearer x",
      reason: "token-malformed",
    },
  ])("lets $name through without any of it, and logs $reason", async ({ path, authorization, reason }) => {
    const response = await send(path, { authorization: await authorization?.() });
    expect(response.status).toBe(200);
    expect(response.headers.has("www-authenticate")).toBe(false);
    expect(forwarded).toHaveLength(1);
    expect(namesIn(forwarded[0])).toEqual([]);
    expect(lines).toEqual([expect.objectContaining({ decision: "would-deny", reason, status: 200, route: path })]);
    expect(JSON.stringify(lines)).not.toContain("eyJ");
  });

  it.each<{ name: string; path: string; claims: Record<string, unknown>; reason: Reason; vouches: boolean }>([
    { name: "too few scopes", path: "/trusting", claims: { scope: "" }, reason: "scope-insufficient", vouches: true },
    { name: "another's item", path: "/own/bob", claims: {}, reason: "condition-not-met", vouches: true },
    {
      name: "an old authentication",
      path: "/recent",
      claims: { auth_time: 1 },
      reason: "authentication-insufficient",
      vouches: true,
    },
    // The route does not accept these tokens at all.
    {
      name: "another issuer",
      path: "/main-only",
      claims: { iss: OTHER_ISSUER },
      reason: "issuer-not-accepted",
      vouches: false,
    },
    { name: "a bearer token", path: "/bound", claims: {}, reason: "token-binding-missing", vouches: false },
  ])("lets $name through, without an assertion", async ({ path, claims, reason, vouches }) => {
    const authorization = await tokenWith({ sub: "alice", ...claims });
    expect((await send(path, { authorization })).status).toBe(200);
    const [headers] = forwarded;
    expect(headers?.get("txn-token")).toBeNull();
    expect(headers?.get("x-auth-subject")).toBe(vouches ? "alice" : null);
    expect(headers?.get("authorization")).toBe(vouches ? authorization : null);
    if (!vouches) expect(namesIn(headers)).toEqual([]);
    expect(lines).toEqual([expect.objectContaining({ decision: "would-deny", reason, subject: "alice" })]);
  });

  it.each<Reason>(["keys-unavailable", "revocations-unavailable", "token-revoked", "token-binding-mismatch"])(
    "lets a request through that the check refuses with %s",
    async (reason) => {
      const response = await send("/trusting", {
        authorization: await tokenWith(),
        authenticate: () => new Denial(reason, "the detail", 30),
      });
      expect(response.status).toBe(200);
      expect(response.headers.has("retry-after")).toBe(false);
      expect(namesIn(forwarded[0])).toEqual([]);
      expect(lines).toEqual([expect.objectContaining({ decision: "would-deny", reason, detail: "the detail" })]);
    },
  );

  it("lets a permitted request through as any other", async () => {
    expect((await send("/trusting", { authorization: await tokenWith() })).status).toBe(200);
    expect(forwarded[0]?.get("txn-token")).toBe("signed");
    expect(lines).toEqual([expect.objectContaining({ decision: "allow", status: 200 })]);
    expect(lines[0]?.["reason"]).toBeUndefined();
  });

  it("says `error` if the upstream of such a request fails", async () => {
    answer = () => {
      throw new TypeError("connection lost");
    };
    expect((await send("/failing")).status).toBe(502);
    expect(lines).toEqual([expect.objectContaining({ decision: "error", reason: "upstream-unreachable" })]);
  });

  it("keeps what such a request is answered out of caches, as it will be protected", async () => {
    expect((await send("/read")).headers.get("cache-control")).toBe("private, no-store");
  });

  it.each([
    { name: "no token", authorization: () => undefined },
    { name: "rubbish", authorization: () => "Bearer rubbish" },
    { name: "too few scopes", authorization: () => tokenWith({ scope: "" }) },
  ])("lets no cache serve $name after the last day, though the upstream would", async ({ authorization }) => {
    answer = () => new Response("served", { headers: { "cache-control": "public, max-age=31536000" } });
    const response = await send("/read", { authorization: await authorization() });
    expect(response.headers.get("cache-control")).toBe("private, no-store");
    const permitted = await send("/read", { authorization: await tokenWith() });
    expect(permitted.headers.get("cache-control")).toBe("public, max-age=31536000");
    expect(permitted.headers.get("vary")).toBe("Authorization");
  });

  it.each([
    { name: "an ambiguous path", path: "/read//x", status: 400 },
    { name: "an unknown route", path: "/unknown", status: 404 },
  ])("still refuses $name", async ({ path, status }) => {
    expect((await send(path)).status).toBe(status);
    expect(forwarded).toEqual([]);
    expect(lines).toEqual([expect.objectContaining({ decision: "deny" })]);
  });

  it("passes a bug on as one", async () => {
    const response = await send("/read", {
      authenticate: () => {
        throw new Error("bug");
      },
    });
    expect(response.status).toBe(500);
    expect(forwarded).toEqual([]);
    expect(lines).toEqual([expect.objectContaining({ decision: "error", reason: "internal-error" })]);
  });
});

describe("enforcement", () => {
  it.each([
    { name: "at the beginning of the last day", at: ENDS_AT - 24 * 60 * 60 * 1000, status: 200 },
    { name: "in the last millisecond of the last day", at: ENDS_AT - 1, status: 200 },
    { name: "in the first millisecond after it", at: ENDS_AT, status: 401 },
    { name: "a year later", at: ENDS_AT + 365 * 24 * 60 * 60 * 1000, status: 401 },
    { name: "with a clock that is none", at: Number.NaN, status: 401 },
  ])("$name: $status", async ({ at, status }) => {
    nowMs = at;
    const response = await send("/read", { authenticate: () => new Denial("credentials-missing") }).catch(
      () => undefined,
    );
    expect(forwarded).toHaveLength(status === 200 ? 1 : 0);
    if (response) expect(response.status).toBe(status);
  });

  it("begins at that moment for a gateway that is running", async () => {
    nowMs = ENDS_AT - 1;
    expect((await send("/read")).status).toBe(200);
    nowMs = ENDS_AT;
    const response = await send("/read");
    expect(response.status).toBe(401);
    expect(response.headers.get("www-authenticate")).toContain("Bearer");
    expect(forwarded).toHaveLength(1);
  });

  it("is that of every route in a Worker without the module", async () => {
    expect((await send("/read", { hasModule: false })).status).toBe(401);
    expect(forwarded).toEqual([]);
  });

  it("is that of a route without `report`, beside others that have it", async () => {
    expect((await send("/enforced")).status).toBe(401);
    expect(forwarded).toEqual([]);
  });
});

/** What in a request to an upstream comes from a credential. */
function namesIn(headers: Headers | undefined): readonly string[] {
  if (headers === undefined) throw new Error("No request reached an upstream.");
  return [...headers.keys()].filter((name) => /^(?:x-auth-|authorization$|txn-token$|dpop$)/.test(name));
}
