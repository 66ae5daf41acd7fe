import type { JWK } from "jose";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createKeyStore } from "../../src/keys/key-store.ts";
import { recordName } from "../../src/keys/kv-record.ts";
import {
  FakeIssuer,
  FakeKv,
  ISSUER,
  newJwk,
  outcome,
  SETTINGS,
  START,
  startClock,
  VirtualWorld,
} from "../support/keys/virtual-world.ts";

let a: JWK;
let b: JWK;
let name: string;
beforeAll(async () => {
  a = await newJwk("a");
  b = await newJwk("b");
  name = await recordName(ISSUER);
});

let world: VirtualWorld;
beforeEach(() => {
  world = new VirtualWorld();
  world.site.publish(a);
});

/** Puts into KV what another location would have. */
function putRecord(ageSeconds: number, ...keys: JWK[]): void {
  const fetchedAt = world.clock.now() - ageSeconds * 1000;
  const reduced = keys.map(({ kty, kid, crv, x, y, alg }) => ({ kty, kid, crv, x, y, alg }));
  world.kv.values.set(name, JSON.stringify({ version: 1, jwks: { keys: reduced }, fetchedAt }));
}

describe("cold", () => {
  it("asks KV and then the issuer, and uses memory from then on", async () => {
    expect(world.kids()).toBeUndefined();
    expect(await world.load()).toBe("issuer: a");
    expect(await world.load()).toBe("memory: a");
    expect(world.kids()).toEqual(["a"]);
    expect([world.kv.reads, world.site.requests.length]).toEqual([1, 1]);
  });

  it("takes a young record from KV without asking the issuer", async () => {
    putRecord(99, b);
    expect(await world.load()).toBe("kv: b");
    await world.settle();
    expect(world.site.requests).toEqual([]);
  });

  it("takes an aging record from KV and refreshes behind the response", async () => {
    putRecord(100, b);
    expect(await world.load()).toBe("kv: b");
    await world.settle();
    expect(world.site.requests.length).toBe(1);
    expect(world.kv.reads).toBe(1);
    expect(world.kids()).toEqual(["a"]);
  });

  it("takes a record just inside maxStaleSeconds and not one just outside", async () => {
    putRecord(1000, b);
    expect(await world.load()).toBe("kv: b");
    world = new VirtualWorld();
    world.site.publish(a);
    putRecord(1000.001, b);
    expect(await world.load()).toBe("issuer: a");
  });

  it("200 callers at once: one KV read and one request to the issuer, for all of them", async () => {
    const loads = Array.from({ length: 200 }, () => world.keys.ensureLoaded(world.waitUntil));
    const outcomes = (await world.clock.run(Promise.all(loads))).map(outcome);
    expect(outcomes[0]).toBe("issuer: a");
    expect(new Set(outcomes.slice(1))).toEqual(new Set(["memory: a"]));
    expect([world.kv.reads, world.site.requests.length]).toEqual([1, 1]);
  });

  it("200 callers at once and an issuer that fails: one request, and all are told at once", async () => {
    world.site.down();
    const loads = Array.from({ length: 200 }, () => world.keys.ensureLoaded(world.waitUntil));
    const outcomes = (await world.clock.run(Promise.all(loads))).map(outcome);
    expect(new Set(outcomes)).toEqual(new Set(["keys-unavailable 30"]));
    expect(world.site.requests.length).toBe(1);
    expect(world.clock.now() - START).toBeLessThanOrEqual(60);
  });

  it("race: the request that loads dies; the others give up after its time limit, and the next one asks", async () => {
    // A Worker that is cut off never comes back from its fetch, nor from the timer beside it.
    const clock = startClock();
    const site = new FakeIssuer(clock);
    site.hang();
    let dead = false;
    const sleep = (ms: number) => (dead || ms < 1000 ? clock.sleep(ms) : new Promise<void>(() => {}));
    const io = { kv: new FakeKv(), fetch: site.fetch, now: clock.now, sleep, log: () => {} };
    const store = createKeyStore({ ...io, issuers: [ISSUER] });
    void store.of(ISSUER).ensureLoaded(world.waitUntil);
    const waiting = store.of(ISSUER).ensureLoaded(world.waitUntil);
    expect(outcome(await clock.run(waiting))).toBe("keys-unavailable 1");
    expect(clock.now() - START).toBeGreaterThanOrEqual(SETTINGS.timeoutMs);
    dead = true;
    site.publish(a);
    expect(outcome(await clock.run(store.of(ISSUER).ensureLoaded(world.waitUntil)))).toBe("issuer: a");
  });

  it("race: the asking request's keys arrive while the others sleep; they take them from memory", async () => {
    const first = world.keys.ensureLoaded(world.waitUntil);
    await world.clock.advance(10);
    const second = world.keys.ensureLoaded(world.waitUntil);
    expect((await world.clock.run(Promise.all([second, first]))).map(outcome)).toEqual(["memory: a", "issuer: a"]);
  });
});

describe("a failed cold attempt", () => {
  beforeEach(async () => {
    world.site.down();
    expect(await world.load()).toBe("keys-unavailable 30");
  });

  it("starts a cooldown in which the issuer is left alone and Retry-After counts down", async () => {
    world.site.publish(a);
    await world.clock.advance(29_000);
    expect(await world.load()).toBe("keys-unavailable 1");
    expect(world.site.requests.length).toBe(1);
    await world.clock.advance(1_000);
    expect(await world.load()).toBe("issuer: a");
  });

  it("still notices what another location wrote to KV", async () => {
    putRecord(10, b);
    await world.clock.advance(1_000);
    expect(await world.load()).toBe("kv: b");
    expect(world.site.requests.length).toBe(1);
  });

  it("lasts when KV has only stale keys: they are used, and the issuer is left alone", async () => {
    putRecord(150, b);
    await world.clock.advance(1_000);
    world.changes();
    expect(await world.load()).toBe("kv: b");
    await world.settle();
    expect(world.site.requests.length).toBe(1);
    expect(world.changes()).toEqual(["refreshed"]);
  });

  it("is over when KV has fresh keys: the issuer may be asked as soon as they are stale", async () => {
    world.site.publish(a);
    putRecord(90, b);
    await world.clock.advance(5_000);
    expect(await world.load()).toBe("kv: b");
    await world.clock.advance(5_000);
    expect(world.kids()).toEqual(["b"]);
    await world.settle();
    expect(world.site.requests.length).toBe(2);
    expect(world.kids()).toEqual(["a"]);
  });

  it("costs one KV read per second at most in a flood of callers", async () => {
    const before = world.kv.reads;
    for (let second = 0; second < 10; second++) {
      await world.clock.advance(1_000);
      const loads = Array.from({ length: 50 }, () => world.keys.ensureLoaded(world.waitUntil));
      await world.clock.run(Promise.all(loads));
      // Callers at the same time share one load; this caller comes after it.
      expect(await world.load()).toMatch(/^keys-unavailable/);
    }
    expect(world.kv.reads - before).toBe(10);
    expect(world.site.requests.length).toBe(1);
  });

  it("is a time-out when the issuer hangs, after KV's and its own time limit", async () => {
    world = new VirtualWorld();
    world.kv.mode = "hangs";
    world.site.hang();
    expect(await world.load()).toBe("keys-unavailable 30");
    expect(world.clock.now() - START).toBe(500 + 3000);
    expect(world.keys.status().lastError).toBe("The issuer did not answer within 3000 ms.");
  });
});

describe("stale", () => {
  beforeEach(async () => {
    await world.load();
    await world.settle();
    world.changes();
  });

  it("nothing happens before refreshAfterSeconds", async () => {
    await world.clock.advance(99_950);
    expect(world.kids()).toEqual(["a"]);
    await world.settle();
    expect(world.site.requests.length).toBe(1);
  });

  it("serves the old keys at once and the new ones after, with one refresh for many requests", async () => {
    world.site.publish(b);
    await world.clock.advance(100_000);
    for (let request = 0; request < 100; request++) expect(world.kids()).toEqual(["a"]);
    await world.settle();
    expect(world.kids()).toEqual(["b"]);
    expect(world.site.requests.length).toBe(2);
  });

  it("takes the refresh from KV if that is young, and leaves the issuer alone", async () => {
    await world.clock.advance(100_000);
    putRecord(50, b);
    world.kids();
    await world.settle();
    expect(world.kids()).toEqual(["b"]);
    expect(world.site.requests.length).toBe(1);
  });

  it("asks the issuer if the record in KV is newer but stale, too", async () => {
    await world.clock.advance(250_000);
    putRecord(150, b);
    world.kids();
    await world.settle();
    expect(world.kids()).toEqual(["a"]);
    expect(world.site.requests.length).toBe(2);
  });

  it("tries again after a failure at most once per cooldown", async () => {
    world.site.down();
    await world.clock.advance(100_000);
    for (let second = 0; second < 60; second++) {
      expect(world.kids()).toEqual(["a"]);
      await world.settle();
      await world.clock.advance(1_000);
    }
    // At 100 s and 30 s after that failed; the next would be another 30 s later.
    expect(world.site.requests.length - 1).toBe(2);
  });

  it("race: the request that refreshes dies; another one refreshes after its deadline", async () => {
    await world.clock.advance(100_000);
    world.kv.mode = "hangs";
    world.site.hang();
    world.kids();
    await world.clock.advance(600);
    expect(world.site.requests.length).toBe(2);
    world.kids();
    await world.clock.advance(600);
    expect(world.site.requests.length).toBe(2);
    world.kv.mode = "works";
    world.site.publish(b);
    await world.clock.advance(3_000 + SETTINGS.cooldownSeconds * 1000);
    world.kids();
    await world.settle();
    expect(world.kids()).toEqual(["b"]);
  });

  it("race: an answer to an older question does not replace a newer one", async () => {
    await world.clock.advance(100_000);
    let release = (_: Response) => {};
    world.site.answer = () => new Promise((resolve) => (release = resolve));
    world.kids();
    await world.clock.advance(100);
    world.site.publish(b);
    await world.clock.run(world.store.refreshAll(world.waitUntil));
    release(Response.json({ keys: [a] }));
    await world.settle();
    expect(world.kids()).toEqual(["b"]);
    expect(world.kv.puts.map(({ value }) => JSON.parse(value).jwks.keys[0].kid)).toEqual(["a", "b"]);
  });

  it("is not refused at maxStaleSeconds and is just after, with the issuer down", async () => {
    world.site.down();
    await world.clock.advance(1_000_000 - 40);
    expect(world.kids()).toEqual(["a"]);
    await world.settle();
    await world.clock.advance(1_000_000 - (world.clock.now() - START));
    expect(world.kids()).toEqual(["a"]);
    await world.clock.advance(1);
    expect(world.kids()).toBeUndefined();
    expect(await world.load()).toMatch(/^keys-unavailable/);
  });

  it("past its bound it is replaced by a good set as soon as there is one", async () => {
    await world.clock.advance(2_000_000);
    world.site.publish(b);
    expect(await world.load()).toBe("issuer: b");
  });

  it("an unchanged key is the same object after a refresh", async () => {
    const before = world.keys.current(world.waitUntil)?.byKid.get("a")?.[0];
    world.site.publish(b, a);
    await world.clock.advance(100_000);
    world.kids();
    await world.settle();
    const after = world.keys.current(world.waitUntil);
    expect(after?.byKid.get("a")?.[0]).toBe(before);
    expect(after?.all.has(before ?? { kid: "", cryptoKeys: new Map() })).toBe(true);
  });

  for (const { name: bad, answer } of [
    { name: "an error", answer: () => new Response("no", { status: 500 }) },
    { name: "a set without a usable key", answer: () => Response.json({ keys: [] }) },
    { name: "something else", answer: () => new Response("<html>") },
  ]) {
    it(`${bad} never replaces a good set`, async () => {
      world.site.answer = answer;
      await world.clock.advance(100_000);
      world.kids();
      await world.settle();
      expect(world.kids()).toEqual(["a"]);
    });
  }
});

describe("entity tags", () => {
  it("a 304 renews the set, and is asked for by another isolate with the tag from KV", async () => {
    world.site.answer = () => Response.json({ keys: [a] }, { headers: { etag: '"1"' } });
    await world.load();
    await world.settle();
    await world.clock.advance(101_000);
    world.site.answer = () => new Response(null, { status: 304 });
    const other = world.anotherIsolate();
    expect(await other.load()).toBe("kv: a");
    await other.settle();
    expect(world.site.requests[1]?.headers["if-none-match"]).toBe('"1"');
    expect(other.keys.status().ageSeconds).toBe(0);
    expect(other.kids()).toEqual(["a"]);
    expect(JSON.parse(world.kv.values.get(name) ?? "")).toMatchObject({
      fetchedAt: START + 101_040,
      etag: '"1"',
      jwks: { keys: [{ kid: "a" }] },
    });
  });
});

it("a record of KV with a key that cannot be used provides no entity tag: a 304 would keep that key out", async () => {
  const keys = [b, { ...a, kty: "AKP" }];
  world.kv.values.set(name, JSON.stringify({ version: 1, jwks: { keys }, fetchedAt: START, etag: '"1"' }));
  await world.clock.advance(101_000);
  expect(await world.load()).toBe("kv: b");
  await world.settle();
  expect(world.site.requests.map(({ headers }) => headers["if-none-match"])).toEqual([undefined]);
});

describe("writing KV", () => {
  it("writes a first set, for at least as long as it may be used, with nothing but public members", async () => {
    world.site.publish({ ...a, x5c: ["MII"] }, { ...b, d: "secret" }, { kty: "oct", kid: "c", k: "secret" });
    await world.load();
    await world.settle();
    expect(world.kv.puts).toHaveLength(1);
    expect(world.kv.puts[0]).toMatchObject({ key: name, expirationTtl: 1000 });
    const { kty, kid, crv, x, y, alg } = a;
    expect(JSON.parse(world.kv.puts[0]?.value ?? "")).toEqual({
      version: 1,
      jwks: { keys: [{ kty, kid, crv, x, y, alg }] },
      fetchedAt: START,
    });
  });

  it("never asks KV for less than the 60 seconds it takes", async () => {
    world = new VirtualWorld({ refreshAfterSeconds: 10, maxStaleSeconds: 20 });
    world.site.publish(a);
    await world.load();
    await world.settle();
    expect(world.kv.puts[0]?.expirationTtl).toBe(60);
  });

  it("does not write an unchanged set until the record is older than a quarter of refreshAfterSeconds", async () => {
    await world.refreshAll();
    await world.clock.advance(24_900 - 40);
    await world.refreshAll();
    expect(world.kv.puts).toHaveLength(1);
    await world.clock.advance(200);
    await world.refreshAll();
    expect(world.kv.puts).toHaveLength(2);
  });

  it("writes a changed set at once", async () => {
    await world.refreshAll();
    world.site.publish(a, b);
    await world.refreshAll();
    expect(world.kv.puts).toHaveLength(2);
  });

  it("does not write what another isolate has just written", async () => {
    await world.refreshAll();
    await world.anotherIsolate().refreshAll();
    expect(world.site.requests.length).toBe(2);
    expect(world.kv.puts).toHaveLength(1);
  });

  it("does not write what it took from KV", async () => {
    putRecord(10, b);
    await world.load();
    await world.settle();
    expect(world.kv.puts).toEqual([]);
  });

  it("tries again at the next refresh after a write that failed", async () => {
    world.kv.mode = "throws-on-put";
    await world.refreshAll();
    world.kv.mode = "works";
    await world.refreshAll();
    expect(world.kv.puts).toHaveLength(1);
  });

  it("no answer waits for the write", async () => {
    world.kv.put = () => new Promise(() => {});
    expect(await world.load()).toBe("issuer: a");
    expect(world.clock.now() - START).toBe(40);
  });
});

describe("a KV that fails is a miss", () => {
  const table: { name: string; breakKv: (kv: FakeKv) => void; costsMs: number; code: string }[] = [
    {
      name: "KV throws",
      breakKv: (kv) => {
        kv.mode = "throws";
      },
      costsMs: 0,
      code: "read-failed",
    },
    {
      name: "KV hangs",
      breakKv: (kv) => {
        kv.mode = "hangs";
      },
      costsMs: 500,
      code: "read-timeout",
    },
    {
      name: "KV has rubbish",
      breakKv: (kv) => kv.values.set(name, "rubbish"),
      costsMs: 0,
      code: "record-unreadable",
    },
    {
      name: "KV has a record from the future",
      breakKv: () => putRecord(-0.001, b),
      costsMs: 0,
      code: "record-unreadable",
    },
  ];
  for (const { name: title, breakKv, costsMs, code } of table) {
    it(title, async () => {
      breakKv(world.kv);
      expect(await world.load()).toBe("issuer: a");
      expect(world.clock.now() - START).toBe(costsMs + 40);
      expect(world.log[0]).toEqual({ event: "keys", issuer: "cognito", change: "kv-failed", code });
    });
  }

  it("a record without a usable key is a miss", async () => {
    world.kv.values.set(name, JSON.stringify({ version: 1, jwks: { keys: [{ kid: "a" }] }, fetchedAt: START }));
    expect(await world.load()).toBe("issuer: a");
  });

  it("a private key that somebody put into KV is not used", async () => {
    const keys = [{ ...b, d: "secret" }];
    world.kv.values.set(name, JSON.stringify({ version: 1, jwks: { keys }, fetchedAt: START }));
    expect(await world.load()).toBe("issuer: a");
  });
});

describe("refreshAll", () => {
  it("reads the issuer and fills KV, so that another isolate need not ask", async () => {
    await world.refreshAll();
    expect(await world.anotherIsolate().load()).toBe("kv: a");
    expect(world.site.requests.length).toBe(1);
  });

  it("drops a removed key at once, from KV and from memory", async () => {
    world.site.publish(a, b);
    await world.refreshAll();
    world.site.publish(b);
    await world.refreshAll();
    expect(world.kids()).toEqual(["b"]);
    expect(await world.anotherIsolate().load()).toBe("kv: b");
  });

  it("does not reject when KV and issuer are down, and keeps what it has", async () => {
    await world.refreshAll();
    world.kv.mode = "throws";
    world.site.down();
    await world.refreshAll();
    expect(world.kids()).toEqual(["a"]);
  });

  it("asks all issuers at the same time, and one that fails does not stop the others", async () => {
    const clock = startClock();
    const good = new FakeIssuer(clock);
    const bad = new FakeIssuer(clock);
    good.publish(a);
    bad.down();
    const issuers = ["bad", "good", "good too"].map((issuer) => ({
      ...ISSUER,
      name: issuer,
      jwksUri: `https://${issuer.length}.example/`,
    }));
    const store = createKeyStore({
      kv: new FakeKv(),
      fetch: (url, init) => (url === "https://3.example/" ? bad : good).fetch(url, init),
      now: clock.now,
      sleep: clock.sleep,
      log: () => {},
      issuers,
    });
    await clock.run(store.refreshAll(() => {}));
    expect(clock.now() - START).toBe(40);
    expect(issuers.map((issuer) => store.of(issuer).status().usable)).toEqual([false, true, true]);
  });

  it("an issuer that the store was not made for is a bug", () => {
    expect(() => world.store.of({ ...ISSUER, name: "other" })).toThrow("without issuer other");
  });
});

describe("status", () => {
  it("tells age, number of keys and the last error until it is over", async () => {
    const status = () => world.keys.status();
    expect(status()).toEqual({ usable: false, ageSeconds: undefined, keyCount: 0, lastError: undefined });
    await world.refreshAll();
    await world.clock.advance(10_000);
    expect(status()).toEqual({ usable: true, ageSeconds: 10, keyCount: 1, lastError: undefined });
    world.site.answer = () => new Response(null, { status: 503 });
    await world.refreshAll();
    const lastError = "The issuer answered with status 503.";
    expect(status()).toEqual({ usable: true, ageSeconds: 10, keyCount: 1, lastError });
    await world.clock.advance(1_000_000);
    expect(status()).toEqual({ usable: false, ageSeconds: 1010, keyCount: 1, lastError });
    world.site.publish(a);
    await world.refreshAll();
    expect(status()).toEqual({ usable: true, ageSeconds: 0, keyCount: 1, lastError: undefined });
  });
});

describe("the log has a line for each change of state and none for anything else", () => {
  it("over an outage of the issuer", async () => {
    await world.refreshAll();
    expect(world.log).toEqual([
      {
        event: "keys",
        issuer: "cognito",
        change: "refreshed",
        source: "issuer",
        keys: 1,
        fetched_at: "2026-01-01T00:00:00.000Z",
      },
    ]);
    world.changes();
    await world.refreshAll();
    expect(world.changes()).toEqual([]);

    world.site.down();
    await world.refreshAll();
    expect(world.changes()).toEqual(["refresh-failed"]);
    await world.refreshAll();
    expect(world.changes()).toEqual([]);
    await world.clock.advance(100_000);
    await world.refreshAll();
    expect(world.log).toEqual([
      {
        event: "keys",
        issuer: "cognito",
        change: "serving-stale",
        code: "unreachable",
        fetched_at: "2026-01-01T00:00:00.040Z",
        served_until: "2026-01-01T00:16:40.040Z",
      },
    ]);
    world.changes();
    await world.refreshAll();
    expect(world.changes()).toEqual([]);

    world.site.publish(a);
    await world.refreshAll();
    expect(world.changes()).toEqual(["recovered"]);
  });

  it("over an outage of KV", async () => {
    world.kv.mode = "throws";
    await world.refreshAll();
    expect(world.changes()).toEqual(["kv-failed", "refreshed"]);
    await world.refreshAll();
    expect(world.changes()).toEqual([]);
    world.kv.mode = "works";
    await world.refreshAll();
    world.kv.mode = "throws";
    world.site.publish(b);
    await world.refreshAll();
    expect(world.changes()).toEqual(["refreshed", "kv-failed"]);
  });

  it("over failures of KV apart from each other, with what failed", async () => {
    await world.refreshAll();
    world.changes();
    const reading = async (mode: FakeKv["mode"]) => {
      world.kv.mode = mode;
      await world.clock.advance(101_000);
      world.kids();
      await world.settle();
      return world.log.splice(0).map(({ change, code }) => `${change} ${code}`);
    };
    expect(await reading("throws")).toEqual(["kv-failed read-failed"]);
    expect(await reading("works")).toEqual([]);
    expect(await reading("hangs")).toEqual(["kv-failed read-timeout"]);
    expect(await reading("works")).toEqual([]);
    expect(await reading("throws-on-put")).toEqual(["kv-failed write-failed"]);
  });

  it("that keys from KV are aging while the issuer is down, with what is wrong with it", async () => {
    putRecord(101, a);
    world.site.down();
    await world.load();
    await world.settle();
    const message = "The issuer could not be reached.";
    expect(world.log).toMatchObject([
      { change: "refreshed", source: "kv" },
      {
        change: "refresh-failed",
        code: "unreachable",
        message,
        cause: expect.any(String),
        jwks_uri: expect.any(String),
      },
      { change: "serving-stale", code: "unreachable" },
    ]);
    world.changes();
    world.site.publish(a);
    await world.refreshAll();
    expect(world.log).toMatchObject([{ change: "recovered", code: "unreachable" }]);
  });

  it("over tokens whose key may be new: one line until keys change or the tokens stop coming", async () => {
    await world.refreshAll();
    world.changes();
    await world.find("x", 0);
    await world.find("y", 0);
    await world.clock.advance(5_000);
    await world.find("x", 0);
    expect(world.log).toEqual([{ event: "keys", issuer: "cognito", change: "key-may-be-new" }]);
    world.changes();
    await world.clock.advance(10_000 + 60_000);
    await world.find("x", 0);
    expect(world.changes()).toEqual(["key-may-be-new"]);
    world.site.publish(a, b);
    await world.clock.advance(5_000);
    await world.find("x", 0);
    expect(world.changes()).toEqual(["refreshed", "key-may-be-new"]);
  });

  it("has no line for a key that may be new while the issuer cannot be read, nor for a key that is not", async () => {
    await world.refreshAll();
    await world.clock.advance(10_000);
    world.changes();
    await world.find("x", -60);
    world.site.down();
    await world.clock.advance(5_000);
    await world.find("x", 0);
    expect(world.changes()).toEqual(["refresh-failed"]);
  });

  it("names skipped keys once, cut and printable, 16 at most", async () => {
    const kid = `\u001b[31m${"k".repeat(100)}`;
    world.site.publish(a, { ...b, kid, use: "enc" });
    await world.refreshAll();
    await world.refreshAll();
    const lines = world.log.filter(({ change }) => change === "key-skipped");
    expect(lines).toEqual([
      {
        event: "keys",
        issuer: "cognito",
        change: "key-skipped",
        kid: `?[31m${"k".repeat(59)}`,
        why: "use-not-sig",
        skipped: 1,
      },
    ]);
    world.changes();
    world.site.publish(a, ...new Array(17).fill(null));
    await world.refreshAll();
    expect(world.changes()).toEqual(new Array(16).fill("key-skipped"));
  });
});
