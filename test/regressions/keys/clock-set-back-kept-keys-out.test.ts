/**
 * An isolate whose clock was set back refused every token until the clock had caught up: its keys seemed to come from
 * the future, so nobody could use them, and every answer of the issuer seemed older. A backoff and the gap between two
 * lookups lasted as long, and a record from the future stayed in KV, where it is a miss to everyone.
 */
import type { JWK } from "jose";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createKeyStore } from "../../../src/keys/key-store.ts";
import { FakeIssuer, FakeKv, ISSUER, newJwk, outcome, startClock } from "../../support/keys/virtual-world.ts";

const HOUR_MS = 3_600_000;

let a: JWK;
let b: JWK;
beforeAll(async () => {
  a = await newJwk("a");
  b = await newJwk("b");
});

let clock: ReturnType<typeof startClock>;
let site: FakeIssuer;
let kv: FakeKv;
let setBackMs: number;
let isolate: ReturnType<typeof newIsolate>;
beforeEach(() => {
  clock = startClock();
  site = new FakeIssuer(clock);
  kv = new FakeKv();
  site.publish(a);
  isolate = newIsolate();
  setBackMs = 0;
});

function newIsolate() {
  const now = () => clock.now() - setBackMs;
  const store = createKeyStore({ kv, fetch: site.fetch, now, sleep: clock.sleep, log: () => {}, issuers: [ISSUER] });
  const background: Promise<unknown>[] = [];
  const waitUntil = (work: Promise<unknown>) => void background.push(work);
  const settle = async () => {
    while (background.length > 0) await clock.run(Promise.all(background.splice(0)));
  };
  return {
    async load() {
      const loaded = outcome(await clock.run(store.of(ISSUER).ensureLoaded(waitUntil)));
      await settle();
      return loaded;
    },
    async find(kid: string, hasIat = true) {
      const issuedAt = hasIat ? Math.floor(now() / 1000) : undefined;
      const found = await clock.run(Promise.resolve(store.of(ISSUER).find(kid, issuedAt, waitUntil)));
      await settle();
      return "keys" in found ? found.source : outcome(found);
    },
    async refreshAll() {
      await clock.run(store.refreshAll(waitUntil));
      await settle();
    },
  };
}

const fetchedAt = () => JSON.parse(Array.from(kv.values.values())[0] ?? "").fetchedAt - (clock.now() - setBackMs);

describe("an isolate whose clock is set back by an hour", () => {
  it("asks the issuer and uses its answer", async () => {
    expect(await isolate.load()).toBe("issuer: a");
    setBackMs = HOUR_MS;
    expect(await isolate.load()).toBe("issuer: a");
    expect(await isolate.load()).toBe("memory: a");
  });

  it("uses a record of KV that is not from the future", async () => {
    await isolate.load();
    setBackMs = HOUR_MS;
    await newIsolate().refreshAll();
    site.down();
    expect(await isolate.load()).toBe("kv: a");
  });

  it("does not retain a key that the new answer lacks", async () => {
    await isolate.load();
    setBackMs = HOUR_MS;
    site.publish(b);
    expect(await isolate.load()).toBe("issuer: b");
  });

  it("writes KV at the next cron trigger, because other isolates ignore a record from the future", async () => {
    await isolate.refreshAll();
    setBackMs = HOUR_MS;
    await isolate.refreshAll();
    expect(fetchedAt()).toBeLessThanOrEqual(0);
  });

  it("waits for one cooldown at most after the issuer failed", async () => {
    site.down();
    expect(await isolate.load()).toBe("keys-unavailable 30");
    setBackMs = HOUR_MS;
    site.publish(a);
    expect(await isolate.load()).toBe("issuer: a");
  });

  for (const hasIat of [true, false]) {
    it(`looks up an unknown kid ${hasIat ? "with" : "without"} iat at once, and never refuses it for good`, async () => {
      await isolate.load();
      expect(await isolate.find("b")).toBe("keys-unavailable 5");
      setBackMs = HOUR_MS;
      await isolate.load();
      expect(await isolate.find("b", hasIat)).toBe("keys-unavailable 10");
      site.publish(a, b);
      expect(await isolate.find("b", hasIat)).toBe("keys-unavailable 10");
      await clock.advance(10_000);
      expect(await isolate.find("b", hasIat)).toBe("issuer");
    });
  }

  it("does not wait for work of a request that died before", async () => {
    site.hang();
    void isolate.load().catch(() => {});
    await clock.advance(100);
    setBackMs = HOUR_MS;
    site.publish(a);
    expect(await isolate.load()).toBe("issuer: a");
  });
});
