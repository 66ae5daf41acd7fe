/** Where keys come from, seen from outside: the number of requests to an issuer, and the effect of its outage. */
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { call, jsonOf, statusAndReason } from "../support/e2e/call.ts";
import { gatewayPolicy, variable } from "../support/e2e/gateway-policy.ts";
import { bundleGateway, runGateway, type TestGateway } from "../support/e2e/test-gateway.ts";
import { startIssuer, type TestIssuer } from "../support/e2e/test-issuer.ts";
import { startUpstream, type TestUpstream } from "../support/e2e/test-upstream.ts";
import { eventually } from "../support/e2e/wait.ts";
import { accessClaims, createSigningKey, signClaims } from "../support/token/signing-key.ts";

const READY = "GET /_gateway/ready";

let script: string;
let issuer: TestIssuer;
let upstream: TestUpstream;
let gateway: TestGateway;

beforeAll(async () => {
  script = await bundleGateway(gatewayPolicy({ url: variable("ISSUER_URL") }, { origin: variable("UPSTREAM_URL") }));
});

beforeEach(async () => {
  [issuer, upstream] = await Promise.all([startIssuer(), startUpstream()]);
  gateway = await runGateway(script, { vars: { ISSUER_URL: issuer.url, UPSTREAM_URL: upstream.origin } });
});

afterEach(async () => {
  await Promise.all([gateway?.dispose(), upstream?.stop(), issuer?.stop()]);
});

const get = (token: string, id = "keys") => call(gateway.origin, "GET /me", { token, headers: { "x-request-id": id } });

/** The record in KV can be read only after the write in the background has ended. */
async function fillKv(): Promise<void> {
  expect(await gateway.scheduled()).toBe("ok");
  await gateway.restart();
}

describe("a cold start", () => {
  it("under 200 requests at once asks the issuer once", async () => {
    issuer.delayMs = 300;
    const token = await issuer.token();
    const answers = await Promise.all(Array.from({ length: 200 }, () => get(token)));
    expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
    expect(issuer.requests).toBe(1);
  });

  it("under 200 requests with as many tokens asks the issuer once", async () => {
    issuer.delayMs = 300;
    const tokens = await Promise.all(
      Array.from({ length: 200 }, (_, index) => issuer.token({ jti: `token-${index}` })),
    );
    const answers = await Promise.all(tokens.map((token) => get(token)));
    expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
    expect(issuer.requests).toBe(1);
  });

  it("with the issuer down is a 503 that says when to try again, after one request to the issuer at most", async () => {
    const token = await issuer.token();
    await issuer.stop();
    const first = await get(token);
    expect(statusAndReason(first)).toBe("503 keys-unavailable");
    expect(Number(first.headers.get("retry-after"))).toBeGreaterThanOrEqual(29);
    expect(first.headers.has("www-authenticate")).toBe(false);

    await issuer.start();
    const again = await get(token);
    expect(statusAndReason(again)).toBe("503 keys-unavailable");
    expect(Number(again.headers.get("retry-after"))).toBeLessThanOrEqual(30);
    expect(issuer.requests).toBe(0);
    expect(upstream.received).toEqual([]);
  });

  it("with the issuer down but keys in KV serves", async () => {
    const token = await issuer.token();
    await fillKv();
    await issuer.stop();
    expect((await get(token, "from-kv")).status).toBe(200);
    expect(await gateway.decision("from-kv")).toMatchObject({ key_source: "kv", token_cache: "miss" });
    expect((await get(token, "from-memory")).status).toBe(200);
    expect(await gateway.decision("from-memory")).toMatchObject({ key_source: "memory", token_cache: "hit" });
    expect(issuer.requests).toBe(1);
  });
});

describe("the cron trigger", () => {
  it("fills KV, so that an isolate after it does not ask the issuer", async () => {
    await fillKv();
    expect(issuer.requests).toBe(1);
    expect((await get(await issuer.token())).status).toBe(200);
    expect(issuer.requests).toBe(1);
  });

  it("is done well even if the issuer is down", async () => {
    await issuer.stop();
    expect(await gateway.scheduled()).toBe("ok");
    expect(
      await eventually("a line about it", () => gateway.logs.find(({ message: [line] }) => isKeyFault(line))),
    ).toBeDefined();
  });
});

describe("a request", () => {
  it("fills KV, too", async () => {
    const token = await issuer.token();
    expect((await get(token)).status).toBe(200);
    await eventually(
      "a record in KV",
      async () => {
        await gateway.restart();
        expect((await get(token, crypto.randomUUID())).status).toBe(200);
        return gateway.logs.find(({ message: [line] }) => isFromKv(line));
      },
      15_000,
    );
  });
});

describe("a rotation", () => {
  it("right after the keys were read is noticed at once", async () => {
    const before = await issuer.token();
    expect((await get(before)).status).toBe(200);

    issuer.keys = [await createSigningKey("key-2"), ...issuer.keys];
    expect((await get(await issuer.token(), "rotated")).status).toBe(200);
    expect(await gateway.decision("rotated")).toMatchObject({ key_source: "issuer" });
    expect((await get(before)).status).toBe(200);
    expect(issuer.requests).toBe(2);
  });

  it("is looked up once, for any number of unknown keys", async () => {
    expect((await get(await issuer.token())).status).toBe(200);
    const strangers = await createSigningKey("strange");
    // Issued long before the keys were read, so that a key set without these keys is conclusive.
    const old = { iat: Math.floor(Date.now() / 1000) - 3600 };
    const tokens = await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        signClaims(strangers, accessClaims(issuer.url, old), { kid: `kid-${index}` }),
      ),
    );
    const answers = await Promise.all(tokens.map((token) => get(token)));
    expect(new Set(answers.map(statusAndReason))).toEqual(new Set(["401 key-unknown"]));
    expect(issuer.requests).toBe(2);
  });

  it("that may be newer than the key set is a 503, not a 401", async () => {
    expect((await get(await issuer.token())).status).toBe(200);
    const now = { iat: Math.floor(Date.now() / 1000) };
    const strangers = await createSigningKey("strange");
    const [first, second] = [await createSigningKey("key-2"), await createSigningKey("key-3")];
    await get(await signClaims(strangers, accessClaims(issuer.url, { iat: now.iat - 3600 })));
    expect(issuer.requests).toBe(2);

    issuer.keys = [first, second];
    const answer = await get(await issuer.token({ iat: now.iat }));
    expect(statusAndReason(answer)).toBe("503 keys-unavailable");
    expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(issuer.requests).toBe(2);
  });

  it("with a bad signature asks nobody", async () => {
    expect((await get(await issuer.token())).status).toBe(200);
    const forger = await createSigningKey("key-1");
    expect(statusAndReason(await get(await signClaims(forger, accessClaims(issuer.url))))).toBe(
      "401 signature-invalid",
    );
    expect(issuer.requests).toBe(1);
  });
});

describe("/_gateway/ready", () => {
  it("looks the keys up and says how old they are", async () => {
    const answer = await call(gateway.origin, READY);
    expect(answer.status).toBe(200);
    expect(jsonOf(answer)).toEqual({
      status: "ready",
      policy: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
      issuers: { main: { usable: true, ageSeconds: expect.any(Number), keyCount: 1 } },
    });
    expect(issuer.requests).toBe(1);
    expect((await get(await issuer.token())).status).toBe(200);
    expect(issuer.requests).toBe(1);
  });

  it("is 503 while there are no keys, and says why without saying where", async () => {
    await issuer.stop();
    const answer = await call(gateway.origin, READY);
    expect(answer.status).toBe(503);
    expect(jsonOf(answer)).toEqual({
      status: "not-ready",
      policy: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
      issuers: { main: { usable: false, keyCount: 0, lastError: "The issuer could not be reached." } },
    });
    expect(answer.body).not.toContain(issuer.url);
    expect((await call(gateway.origin, "GET /_gateway/health")).status).toBe(200);
  });
});

function isKeyFault(line: unknown): boolean {
  return typeof line === "object" && line !== null && Reflect.get(line, "change") === "refresh-failed";
}

function isFromKv(line: unknown): boolean {
  return typeof line === "object" && line !== null && Reflect.get(line, "key_source") === "kv";
}
