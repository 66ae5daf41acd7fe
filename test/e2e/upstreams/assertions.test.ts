/** An upstream that verifies assertions, behind the built Worker. */
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from "jose";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { newSigningKey } from "../../../src/local/plan/signing-key.ts";
import { call, jsonOf, statusAndReason } from "../../support/e2e/call.ts";
import { fullName, gatewayPolicy } from "../../support/e2e/gateway-policy.ts";
import { sendLines } from "../../support/e2e/socket.ts";
import { bundleGateway, runGateway, type TestGateway } from "../../support/e2e/test-gateway.ts";
import { startIssuer, type TestIssuer } from "../../support/e2e/test-issuer.ts";
import { startUpstream, type TestUpstream } from "../../support/e2e/test-upstream.ts";
import { eventually } from "../../support/e2e/wait.ts";

const ASSERTION = {
  issuer: "https://gateway.example",
  trustDomain: "internal.example",
  keys: { secret: "KEYS" },
  claims: { tenant: "org" },
};
const [OLD, NEW] = [newSigningKey("ES256", "old"), newSigningKey("ES256", "new")];
const setOf = (...keys: readonly unknown[]): string => JSON.stringify({ keys });

let issuer: TestIssuer;
let upstream: TestUpstream;
let script: string;
let gateway: TestGateway;
let bound: TestGateway;
const started: TestGateway[] = [];

async function start(text: string, vars: Readonly<Record<string, string>>): Promise<TestGateway> {
  const running = await runGateway(text, { vars });
  started.push(running);
  return running;
}

beforeAll(async () => {
  [issuer, upstream] = await Promise.all([startIssuer(), startUpstream()]);
  const base = gatewayPolicy(issuer, upstream);
  const routes = [
    ...base.routes,
    { path: "/maybe", methods: ["GET"], optional: true, upstream: "echo" },
    { path: "/plain", methods: ["GET"], authenticated: true, upstream: "plain" },
  ];
  const upstreams = { echo: { url: `${upstream.origin}/base`, assertion: true }, plain: { url: upstream.origin } };
  const policy = { ...base, upstreams, routes, assertion: ASSERTION };
  script = await bundleGateway(policy);
  gateway = await start(script, { KEYS: setOf(OLD, NEW) });
  const bindingPolicy = { ...policy, assertion: { ...ASSERTION, bind: "request" } };
  bound = await start(await bundleGateway(bindingPolicy), { KEYS: setOf(OLD) });
}, 120_000);

afterAll(async () => {
  await Promise.all([...started.map((it) => it.dispose()), upstream?.stop(), issuer?.stop()]);
});

beforeEach(() => {
  upstream.received.length = 0;
  upstream.handler = undefined;
});

const keysOf = async ({ origin }: TestGateway): Promise<JSONWebKeySet> =>
  JSON.parse((await call(origin, "GET /_gateway/jwks.json")).body);

async function verify(text: string | undefined, keys: JSONWebKeySet) {
  const { payload } = await jwtVerify(text ?? "", createLocalJWKSet(keys), {
    issuer: ASSERTION.issuer,
    audience: ASSERTION.trustDomain,
    typ: "txntoken+jwt",
    requiredClaims: ["exp", "sub", "txn", "scope", "req_wl"],
  });
  return payload;
}

describe("an upstream with assertions", () => {
  it("gets one with each verified token, and verifies it with the published keys", async () => {
    const token = await issuer.token({ scope: fullName("read:products"), org: "acme" });
    expect((await call(gateway.origin, "GET /products?page=2", { token })).status).toBe(200);
    expect(await verify(upstream.received[0]?.headers["txn-token"], await keysOf(gateway))).toMatchObject({
      sub: "user-1",
      sub_id: { format: "iss_sub", iss: issuer.url, sub: "user-1" },
      scope: fullName("read:products"),
      tctx: { client_id: "app", tenant: "acme" },
      rctx: { method: "GET", route: "/products" },
    });
    expect(JSON.stringify(upstream.received)).not.toContain(token);
  });

  it("gets path and query with `bind`, as they are sent", async () => {
    const token = await issuer.token({ scope: fullName("read:products") });
    await call(bound.origin, "GET /products?page=2", { token, headers: { "x-request-id": "request-7" } });
    await call(bound.origin, "GET /products?page=2", { token });
    const [one, two] = upstream.received;
    const claims = await verify(one?.headers["txn-token"], await keysOf(bound));
    const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode("page=2"));
    expect(claims).toMatchObject({
      txn: "request-7",
      rctx: { path: "/base/products", query_sha256: Buffer.from(hash).toString("base64url") },
    });
    expect(one?.target).toBe("/base/products?page=2");
    expect(two?.headers["txn-token"]).not.toBe(one?.headers["txn-token"]);
  });

  it("gets one that no log line has", async () => {
    for (const { origin, decision } of [gateway, bound]) {
      upstream.received.length = 0;
      const token = await issuer.token();
      await call(origin, "GET /me", { token, headers: { "x-request-id": "logged-1" } });
      expect(await decision("logged-1")).toMatchObject({ status: 200 });
      const signature = upstream.received[0]?.headers["txn-token"]?.toString().split(".")[2] ?? "";
      expect(signature).not.toBe("");
      expect(JSON.stringify([gateway.logs, bound.logs])).not.toContain(signature);
    }
  });

  it.each([
    { request: "GET /open", authorized: false },
    { request: "GET /open", authorized: true },
    { request: "GET /maybe", authorized: false },
    { request: "GET /plain", authorized: true },
  ])("$request carries none, with a token: $authorized", async ({ request, authorized }) => {
    const token = authorized ? { token: await issuer.token() } : {};
    await call(gateway.origin, request, { ...token, headers: { "txn-token": "forged" } });
    expect(upstream.received.map(({ headers }) => headers["txn-token"])).toEqual([undefined]);
  });

  it("gets one on an optional route with a token", async () => {
    await call(gateway.origin, "GET /maybe", { token: await issuer.token() });
    expect(await verify(upstream.received[0]?.headers["txn-token"], await keysOf(gateway))).toMatchObject({
      scope: "",
    });
  });

  it.each(["Txn-Token", "txn-token", "TXN-TOKEN", "Txn_Token", "TXN.TOKEN", "txn~token"])(
    "never gets the one of a caller: %s",
    async (name) => {
      const token = await issuer.token();
      for (const path of ["/me", "/open"]) {
        await sendLines(gateway.origin, [
          `GET ${path} HTTP/1.1`,
          `Authorization: Bearer ${token}`,
          `${name}: forged`,
          "Connection: close, txn-token",
        ]);
      }
      expect(upstream.received).toHaveLength(2);
      expect(JSON.stringify(upstream.received.map(({ rawHeaders }) => rawHeaders))).not.toContain("forged");
      expect(await verify(upstream.received[0]?.headers["txn-token"], await keysOf(gateway))).toMatchObject({
        sub: "user-1",
      });
    },
  );

  it.each([
    { name: "names nobody", own: { sub: undefined, client_id: "" } },
    { name: "has a number for a subject", own: { sub: 7 } },
    { name: "has an empty subject", own: { sub: "" } },
  ])("gets no request for a token that $name", async ({ own }) => {
    const answer = await call(gateway.origin, "GET /me", { token: await issuer.token(own) });
    expect(statusAndReason(answer)).toBe("401 claim-missing");
    expect(upstream.received).toEqual([]);
  });
});

describe("the published keys", () => {
  it("may be cached for five minutes, and have no private half", async () => {
    const answer = await call(gateway.origin, "GET /_gateway/jwks.json");
    expect([answer.status, answer.headers.get("cache-control")]).toEqual([200, "public, max-age=300"]);
    expect(jsonOf(answer)["keys"]).toEqual([OLD, NEW].map(({ d: _, ...open }) => open));
  });

  it("are read only", async () => {
    expect(statusAndReason(await call(gateway.origin, "POST /_gateway/jwks.json"))).toBe("405 method-not-allowed");
    expect(statusAndReason(await call(gateway.origin, "GET /_gateway/jwks.json/"))).toBe("404 route-unknown");
  });
});

describe("a secret that cannot sign", () => {
  it.each([
    { name: "missing", vars: {} },
    { name: "no JSON", vars: { KEYS: String(OLD["d"]) } },
    { name: "halves of two keys", vars: { KEYS: setOf({ ...OLD, d: NEW["d"] }) } },
    { name: "one kid twice", vars: { KEYS: setOf(OLD, { ...NEW, kid: "old" }) } },
  ])("lets nothing be served: $name", async ({ vars }) => {
    const faulty = await start(script, vars);
    for (const request of ["GET /open", "GET /me", "GET /_gateway/jwks.json"]) {
      expect(statusAndReason(await call(faulty.origin, request))).toBe("500 policy-invalid");
    }
    expect((await call(faulty.origin, "GET /_gateway/ready")).status).toBe(503);
    expect((await call(faulty.origin, "GET /_gateway/health")).status).toBe(200);
    expect(upstream.received).toEqual([]);
    await faulty.scheduled();
    await eventually("the fault in the log", () =>
      JSON.stringify(faulty.logs).includes("$.assertion.keys.secret") ? true : undefined,
    );
    for (const part of [OLD["d"], NEW["d"]]) expect(JSON.stringify(faulty.logs)).not.toContain(String(part));
  });
});

describe("a rotation", () => {
  it("costs no request, if each step waits as the reference says, while two versions serve at once", async () => {
    const texts = [setOf(OLD), setOf(OLD, NEW), setOf(NEW, OLD), setOf(NEW)];
    const versions = await Promise.all(texts.map((KEYS) => start(script, { KEYS })));
    const [alone, added, moved, removed] = versions as [TestGateway, TestGateway, TestGateway, TestGateway];
    const token = await issuer.token({ scope: fullName("read:products") });
    let cached: JSONWebKeySet = { keys: [] };
    const signers = new Set<unknown>();
    upstream.handler = (request, response) => {
      const text = String(request.headers["txn-token"]);
      verify(text, cached).then(
        () => response.writeHead(200).end(),
        () => response.writeHead(401).end(),
      );
      signers.add(JSON.parse(Buffer.from(text.split(".")[0] ?? "", "base64url").toString()).kid);
    };
    // The oldest key set that a verifier may have in each step, and the versions that serve then.
    const steps = [
      { oldest: alone, serving: [alone, added], expected: ["old"] },
      { oldest: added, serving: [added, moved], expected: ["new", "old"] },
      { oldest: moved, serving: [moved, removed], expected: ["new"] },
      { oldest: removed, serving: [moved, removed], expected: ["new"] },
    ];
    for (const { oldest, serving, expected } of steps) {
      cached = await keysOf(oldest);
      signers.clear();
      const calls = Array.from({ length: 40 }, (_, at) =>
        call(serving[at % 2]?.origin ?? "", "GET /products", { token }),
      );
      expect(new Set((await Promise.all(calls)).map(({ status }) => status))).toEqual(new Set([200]));
      expect([...signers].sort()).toEqual(expected);
    }
  }, 120_000);
});
