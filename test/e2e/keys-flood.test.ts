/** Ten thousand tokens with as many invented kids among valid traffic affect neither issuer, callers nor memory. */
import { randomUUID } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { Agent, request } from "node:http";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createKeyStore } from "../../src/keys/key-store.ts";
import { createAuthenticator } from "../../src/token/authenticate.ts";
import { CAN_MEASURE_PROCESSES } from "../bench/process-usage.ts";
import { gatewayPolicy } from "../support/e2e/gateway-policy.ts";
import { startGateway, type TestGateway } from "../support/e2e/test-gateway.ts";
import { startIssuer, type TestIssuer } from "../support/e2e/test-issuer.ts";
import { startUpstream, type TestUpstream } from "../support/e2e/test-upstream.ts";
import { issuerOf, policyOf } from "../support/policy/example-policy.ts";
import { outcomeOf } from "../support/token/outcome.ts";
import { presentedOf } from "../support/token/presented.ts";
import { accessClaims } from "../support/token/signing-key.ts";

const FORGED = 10_000;
const VALID_EVERY = 10;
const CONNECTIONS = 32;
const COOLDOWN_SECONDS = 2;
/** Age of a token that is too old for its key to be newer than the gateway's key set. */
const OLD_SECONDS = 120;
/**
 * workerd collects garbage late: its memory grows by some 14 KB for each request of any kind. A flood may cost at most
 * as much as the same number of requests that are refused before any key lookup, plus half of that for noise.
 */
const MAX_GROWTH_RATIO = 1.5;
const GROWTH_NOISE_MB = 30;

const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
let issuer: TestIssuer;
let upstream: TestUpstream;
let gateway: TestGateway;
let valid: readonly string[];

beforeAll(async () => {
  [issuer, upstream] = await Promise.all([startIssuer(), startUpstream()]);
  upstream.handler = (_request, response) => void response.writeHead(200).end();
  const { main } = gatewayPolicy(issuer, upstream).issuers;
  const policy = gatewayPolicy(issuer, upstream, {
    issuers: { main: { ...main, keys: { cooldownSeconds: COOLDOWN_SECONDS } } },
  });
  gateway = await startGateway({ policy, vars: { DECISION_LOG: "off" } });
  valid = await Promise.all(Array.from({ length: 50 }, (_, index) => issuer.token({ jti: `valid-${index}` })));
});
afterAll(async () => {
  agent.destroy();
  await Promise.all([gateway?.dispose(), issuer?.stop(), upstream?.stop()]);
});

const base64urlJson = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");

/** A token with a `kid` of its own, issued `ageSeconds` ago. */
function forged(ageSeconds: number): string {
  const claims = accessClaims(issuer.url, { iat: Math.floor(Date.now() / 1000) - ageSeconds });
  return `${base64urlJson({ alg: "ES256", kid: randomUUID() })}.${base64urlJson(claims)}.${"A".repeat(86)}`;
}

function statusFor(token: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${token}` };
    request(`${gateway.origin}/me`, { agent, headers }, (answer) => {
      const retryAfter = answer.headers["retry-after"];
      answer
        .resume()
        .on("end", () => resolve(`${answer.statusCode}${retryAfter === undefined ? "" : ", Retry-After"}`));
    })
      .on("error", reject)
      .end();
  });
}

interface Outcome {
  /** How often each answer was given. */
  readonly forged: Readonly<Record<string, number>>;
  readonly valid: Readonly<Record<string, number>>;
  readonly seconds: number;
}

/** Sends bad tokens as fast as the connections allow, and a valid one after every ten. */
async function flood(count: number, badToken: () => string): Promise<Outcome> {
  const answers = { forged: {} as Record<string, number>, valid: {} as Record<string, number> };
  const note = (kind: "forged" | "valid", answer: string) => {
    answers[kind][answer] = (answers[kind][answer] ?? 0) + 1;
  };
  const start = performance.now();
  let sent = 0;
  const connection = async () => {
    while (sent < count) {
      sent += 1;
      const isTurn = sent % VALID_EVERY === 0;
      const token = valid[(sent / VALID_EVERY) % valid.length] ?? "";
      note("forged", await statusFor(badToken()));
      if (isTurn) note("valid", await statusFor(token));
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, connection));
  return { ...answers, seconds: (performance.now() - start) / 1000 };
}

/**
 * Resident memory in MB of the workerd that this process started; always 0 where there is no `/proc` to read it from.
 */
function memoryMb(): number {
  if (!CAN_MEASURE_PROCESSES) return 0;
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    try {
      const status = readFileSync(`/proc/${pid}/status`, "utf8");
      const isOurs = status.includes(`\nPPid:\t${process.pid}\n`) && status.startsWith("Name:\tworkerd");
      if (isOurs) return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) / 1024;
    } catch {
      // The process has ended in the meantime.
    }
  }
  throw new Error("There is no workerd of this process.");
}

/** The number of requests to the issuer for unknown keys that one isolate may make in a time. */
const looksWithin = (seconds: number) => Math.floor(seconds / COOLDOWN_SECONDS) + 1;

describe("a flood of invented kids", { timeout: 120_000 }, () => {
  beforeEach(async () => {
    await gateway.restart();
    issuer.requests = 0;
  });

  it("costs one request to the issuer per cooldown, no valid caller, and no memory", async () => {
    await flood(FORGED / 20, () => "malformed");
    const atFirst = memoryMb();
    await flood(FORGED / 4, () => "malformed");
    const before = { requests: issuer.requests, memoryMb: memoryMb() };
    const usualMb = 4 * Math.max(0, before.memoryMb - atFirst);

    const outcome = await flood(FORGED, () => forged(OLD_SECONDS));
    const requests = issuer.requests - before.requests;
    expect(outcome).toMatchObject({ forged: { 401: FORGED }, valid: { 200: FORGED / VALID_EVERY } });
    expect(requests).toBeGreaterThan(0);
    expect(requests).toBeLessThanOrEqual(looksWithin(outcome.seconds));
    expect(memoryMb() - before.memoryMb).toBeLessThan(usualMb * MAX_GROWTH_RATIO + GROWTH_NOISE_MB);
  });

  it("whose tokens are new is answered with Retry-After, at the same cost", async () => {
    const outcome = await flood(FORGED / 5, () => forged(0));
    expect(outcome).toMatchObject({
      forged: { "503, Retry-After": FORGED / 5 },
      valid: { 200: FORGED / 5 / VALID_EVERY },
    });
    // One more, by the first caller, because the isolate was cold.
    expect(issuer.requests).toBeLessThanOrEqual(looksWithin(outcome.seconds) + 1);
  });

  it("while the issuer fails costs one request per cooldown as well", async () => {
    expect(await statusFor(valid[0] ?? "")).toBe("200");
    const { keys } = issuer;
    issuer.keys = [];
    try {
      const outcome = await flood(FORGED / 5, () => forged(0));
      expect(outcome).toMatchObject({
        forged: { "503, Retry-After": FORGED / 5 },
        valid: { 200: FORGED / 5 / VALID_EVERY },
      });
      expect(issuer.requests).toBeGreaterThan(0);
      expect(issuer.requests).toBeLessThanOrEqual(looksWithin(outcome.seconds));
    } finally {
      issuer.keys = keys;
    }
  });
});

describe("the heap of an isolate", { timeout: 120_000 }, () => {
  const TOKENS = 50_000;
  /** A string of 100 bytes for each would be 5 MB. */
  const MAX_HEAP_GROWTH_MB = 1;

  it("holds nothing of 50,000 tokens with a kid each, found or not", async () => {
    const policy = policyOf([issuerOf({ issuer: issuer.url, jwksUri: issuer.url, algorithms: new Set(["ES256"]) })]);
    const keys = createKeyStore({
      issuers: policy.issuers.values(),
      kv: { get: async () => null, put: async () => {} },
      fetch,
      now: Date.now,
      sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
      log: () => {},
    });
    const authenticate = createAuthenticator({ policy, keys, now: Date.now });
    const send = async (count: number) => {
      const reasons = new Set<string>();
      for (let sent = 0; sent < count; sent++) {
        const answer = await authenticate(
          `Bearer ${forged(sent % 2 === 0 ? OLD_SECONDS : 0)}`,
          presentedOf(),
          () => {},
        );
        reasons.add(outcomeOf(answer));
      }
      return [...reasons].sort();
    };
    setFlagsFromString("--expose-gc");
    const heapMb = () => {
      runInNewContext("gc")();
      return process.memoryUsage().heapUsed / 2 ** 20;
    };
    await send(1_000);
    const before = heapMb();
    expect(await send(TOKENS)).toEqual(["key-unknown", "keys-unavailable"]);
    expect(heapMb() - before).toBeLessThan(MAX_HEAP_GROWTH_MB);
  });
});
