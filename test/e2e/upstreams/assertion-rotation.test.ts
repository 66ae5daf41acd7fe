/**
 * A rotation of assertion keys under steady load, by the steps and waits of the reference, at an upstream that
 * verifies.
 */
import { createRemoteJWKSet, jwtVerify } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { newSigningKey } from "../../../src/local/plan/signing-key.ts";
import { call } from "../../support/e2e/call.ts";
import { fullName, gatewayPolicy } from "../../support/e2e/gateway-policy.ts";
import { bundleGateway, runGateway, type TestGateway } from "../../support/e2e/test-gateway.ts";
import { startIssuer, type TestIssuer } from "../../support/e2e/test-issuer.ts";
import { startServer, type TestServer } from "../../support/e2e/test-server.ts";
import { startUpstream, type TestUpstream } from "../../support/e2e/test-upstream.ts";
import { eventually } from "../../support/e2e/wait.ts";

/** One minute of the reference takes so long here. */
const MINUTE_MS = 120;
/** Caches of HTTP keep the key set for so long, and so do verifiers. */
const CACHE_MS = 5 * MINUTE_MS;
/** How long a new version takes to be everywhere. Meanwhile requests reach either version. */
const ROLLOUT_MS = 4 * MINUTE_MS;
const TTL_SECONDS = 1;
/** What a busy machine may add to a wait. */
const MARGIN_MS = 500;
const LOOPS = 4;

const [OLD, NEW] = [newSigningKey("ES256", "old"), newSigningKey("ES256", "new")];
const setOf = (...keys: readonly unknown[]): string => JSON.stringify({ keys });
const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** A step: the secret of the new version, and how long to wait when it is everywhere. */
interface Step {
  readonly secret: string;
  readonly waitMs: number;
}

const ADD: Step = { secret: setOf(OLD, NEW), waitMs: 2 * CACHE_MS + MARGIN_MS };
const MOVE: Step = { secret: setOf(NEW, OLD), waitMs: TTL_SECONDS * 1000 + MARGIN_MS };
const REMOVE: Step = { secret: setOf(NEW), waitMs: 2 * CACHE_MS + MARGIN_MS };

let issuer: TestIssuer;
let upstream: TestUpstream;
let cache: TestServer;
let token: string;
const versions = new Map<string, TestGateway>();

/** How long the cache of HTTP keeps the key set, and what it has. */
let cacheMs = CACHE_MS;
let kept: { readonly body: string; readonly atMs: number } | undefined;

/** The origins of the versions that serve now: one, or two during a rollout. */
let serving: readonly string[] = [];
const pick = (): string => serving[Math.floor(Math.random() * serving.length)] ?? "";

beforeAll(async () => {
  [issuer, upstream] = await Promise.all([startIssuer(), startUpstream()]);
  const base = gatewayPolicy(issuer, upstream);
  const policy = {
    ...base,
    assertion: {
      issuer: "https://gateway.example",
      trustDomain: "internal.example",
      keys: { secret: "KEYS" },
      ttlSeconds: TTL_SECONDS,
    },
    upstreams: { ...base.upstreams, echo: { ...base.upstreams.echo, assertion: true } },
  };
  const script = await bundleGateway(policy);
  for (const KEYS of [setOf(OLD), ADD.secret, MOVE.secret, REMOVE.secret]) {
    versions.set(KEYS, await runGateway(script, { vars: { KEYS } }));
  }
  token = await issuer.token({ scope: fullName("read:products") });
  cache = await startServer(async (_request, response) => {
    if (kept === undefined || Date.now() - kept.atMs >= cacheMs) {
      const atMs = Date.now();
      kept = { atMs, body: (await call(pick(), "GET /_gateway/jwks.json")).body };
    }
    response.writeHead(200, { "content-type": "application/json" }).end(kept.body);
  });
}, 120_000);

afterAll(async () => {
  await Promise.all([...versions.values()].map((version) => version.dispose()));
  await Promise.all([cache?.stop(), upstream?.stop(), issuer?.stop()]);
});

const originOf = ({ secret }: Pick<Step, "secret">): string => versions.get(secret)?.origin ?? "";

/**
 * Rolls out each step while callers send requests without a pause. Returns the number of answers by status.
 *
 * @param keptForMs how long each of the two caches keeps the key set
 */
async function rotate(steps: readonly Step[], keptForMs = CACHE_MS): Promise<ReadonlyMap<number, number>> {
  let current = originOf({ secret: setOf(OLD) });
  serving = [current];
  [kept, cacheMs] = [undefined, keptForMs];
  // It never fetches for an unknown `kid`, so only the waits keep its keys complete.
  const options = { cacheMaxAge: keptForMs, cooldownDuration: Number.POSITIVE_INFINITY };
  const keys = createRemoteJWKSet(new URL(`${cache.origin}/_gateway/jwks.json`), options);
  const rules = { issuer: "https://gateway.example", audience: "internal.example", typ: "txntoken+jwt" };
  upstream.handler = (request, response) => {
    jwtVerify(String(request.headers["txn-token"]), keys, { ...rules, clockTolerance: 5 }).then(
      () => response.writeHead(200).end(),
      () => response.writeHead(401).end(),
    );
  };

  const answers = new Map<number, number>();
  let isDone = false;
  const load = Array.from({ length: LOOPS }, async () => {
    while (!isDone) {
      const { status } = await call(pick(), "GET /products", { token });
      answers.set(status, (answers.get(status) ?? 0) + 1);
    }
  });
  await eventually("the first answer", () => answers.size || undefined);
  for (const step of steps) {
    serving = [current, originOf(step)];
    await sleep(ROLLOUT_MS);
    current = originOf(step);
    serving = [current];
    await sleep(step.waitMs);
  }
  isDone = true;
  await Promise.all(load);
  return answers;
}

describe("a rotation under load", () => {
  it("costs no request at an upstream that caches keys, with the waits of the reference", async () => {
    const answers = await rotate([ADD, MOVE, REMOVE]);
    expect([...answers.keys()]).toEqual([200]);
    expect(answers.get(200)).toBeGreaterThan(100);
  }, 60_000);

  it("costs requests where the new key signs before verifiers have it", async () => {
    const answers = await rotate([{ ...MOVE, waitMs: 0 }], Number.POSITIVE_INFINITY);
    expect(answers.get(401)).toBeGreaterThan(0);
  }, 60_000);
});
