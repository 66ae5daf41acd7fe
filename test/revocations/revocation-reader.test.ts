import { beforeEach, describe, expect, it } from "vitest";
import type { Revocation } from "../../src/policy/policy.ts";
import { revocationBound, revocationBoundOfOutage } from "../../src/revocations/revocation-bound.ts";
import { RevocationReader } from "../../src/revocations/revocation-reader.ts";
import { REVOCATIONS_KEY, serializeRevocations } from "../../src/revocations/revocation-value.ts";
import type { VirtualClock } from "../support/keys/virtual-clock.ts";
import { FakeKv, startClock } from "../support/keys/virtual-world.ts";

const SETTINGS: Revocation = { refreshSeconds: 30, maxStaleSeconds: 600, onStale: "refuse" };

let clock: VirtualClock;
let kv: FakeKv;
let log: unknown[];
let reader: RevocationReader;
let background: Promise<unknown>[];

beforeEach(() => start());

function start(settings: Partial<Revocation> = {}): void {
  clock = startClock();
  kv = new FakeKv();
  log = [];
  background = [];
  reader = new RevocationReader(
    { ...SETTINGS, ...settings },
    { kv, now: clock.now, sleep: clock.sleep, log: (line) => log.push(line) },
  );
}

const waitUntil = (work: Promise<unknown>): void => {
  background.push(work);
};

/** Writes a list of so many entries. */
function write(entries: number): void {
  const list = Array.from({ length: entries }, (_, index) => ({ issuer: "a", tokenId: `t${index}`, until: 1 }));
  kv.values.set(REVOCATIONS_KEY, serializeRevocations(list));
}

/** The number of entries that a request sees; `undefined`: there is no list that may be used. */
async function request(): Promise<number | undefined> {
  const list = reader.current(waitUntil) ?? (await clock.run(reader.load(waitUntil)));
  return list?.size;
}

describe("the list is", () => {
  it("empty as long as nobody has written one", async () => {
    expect(await request()).toBe(0);
    expect(reader.status()).toEqual({ usable: true, ageSeconds: 0, entries: 0, lastError: undefined });
    expect(log).toEqual([]);
  });

  it("read once, and used without a wait while it is young", async () => {
    write(1);
    expect(await request()).toBe(1);
    await clock.advance(22_000);
    expect(reader.current(waitUntil)?.size).toBe(1);
    expect(kv.reads).toBe(1);
  });

  it("read ahead in the background by one request", async () => {
    await request();
    write(2);
    await clock.advance(22_500);
    expect(reader.current(waitUntil)?.size).toBe(0);
    expect(reader.current(waitUntil)?.size).toBe(0);
    await Promise.all(background);
    expect(reader.current(waitUntil)?.size).toBe(2);
    expect(kv.reads).toBe(2);
  });

  it.each([
    { name: "not read before the answer just before `refreshSeconds`", afterMs: 29_999, expected: 0 },
    { name: "read before the answer from `refreshSeconds` on", afterMs: 30_000, expected: 3 },
    { name: "read before the answer after hours without a request", afterMs: 36_000_000, expected: 3 },
  ])("$name", async ({ afterMs, expected }) => {
    await request();
    write(3);
    await clock.advance(afterMs);
    expect(await request()).toBe(expected);
  });

  it("read by one of many requests, for which the others wait without its promise", async () => {
    write(4);
    const lists = await clock.run(Promise.all(Array.from({ length: 50 }, () => reader.load(waitUntil))));
    expect(lists.map((list) => list?.size)).toEqual(Array(50).fill(4));
    expect(kv.reads).toBe(1);
  });

  it("as old as the beginning of its read", async () => {
    const { get } = kv;
    kv.get = async (...args) => {
      const value = await get.apply(kv, args);
      await clock.sleep(400);
      return value;
    };
    await request();
    expect(reader.status().ageSeconds).toBe(0);
    await clock.advance(29_599);
    expect(reader.current(waitUntil)).toBeDefined();
    await clock.advance(1);
    expect(reader.current(waitUntil)).toBeUndefined();
  });

  it("read again when the clock was set back", async () => {
    await request();
    const { now } = clock;
    const back = new RevocationReader(SETTINGS, {
      kv,
      now: () => now() - (kv.reads > 1 ? 3_600_000 : 0),
      sleep: clock.sleep,
      log: () => {},
    });
    await clock.run(back.load(waitUntil));
    expect(back.current(waitUntil)).toBeUndefined();
    expect(await clock.run(back.load(waitUntil))).toBeDefined();
    expect(kv.reads).toBe(3);
  });
});

describe("when KV", () => {
  it.each<{ name: string; fail: () => void; code: string }>([
    { name: "throws", fail: () => (kv.mode = "throws"), code: "read-failed" },
    { name: "hangs", fail: () => (kv.mode = "hangs"), code: "read-timeout" },
    { name: "has rubbish", fail: () => kv.values.set(REVOCATIONS_KEY, "rubbish"), code: "list-unreadable" },
    { name: "has an empty text", fail: () => kv.values.set(REVOCATIONS_KEY, ""), code: "list-unreadable" },
  ])("$name, the old list counts up to `maxStaleSeconds`, and none after that", async ({ fail, code }) => {
    write(1);
    await request();
    fail();
    await clock.advance(599_000);
    expect(await request()).toBe(1);
    expect(reader.status()).toMatchObject({ usable: true, ageSeconds: 599, lastError: code });
    await clock.advance(2_000);
    expect(await request()).toBeUndefined();
    expect(reader.status()).toMatchObject({ usable: false, entries: 1, lastError: code });
    expect(reader.retryAfterSeconds()).toBe(1);
    expect(log).toEqual([{ event: "revocations", change: "read-failed", code }]);
  });

  it.each([
    { onStale: "refuse" as const, expected: undefined },
    { onStale: "serve" as const, expected: 0 },
  ])("fails from the start, the list is $expected with onStale $onStale", async ({ onStale, expected }) => {
    start({ onStale });
    kv.mode = "throws";
    expect(await request()).toBe(expected);
    expect(reader.status()).toMatchObject({ usable: onStale === "serve", ageSeconds: undefined, entries: undefined });
  });

  it("fails for long, an old list counts on with onStale serve", async () => {
    start({ onStale: "serve" });
    write(5);
    await request();
    kv.mode = "throws";
    await clock.advance(7 * 86_400_000);
    expect(await request()).toBe(5);
  });

  it("fails, one request a second reads it, and the others do not wait", async () => {
    kv.mode = "throws";
    for (let count = 0; count < 20; count += 1) {
      await request();
      await clock.advance(200);
    }
    expect(kv.reads).toBe(4);
  });

  it("works again, the list is read within a second, and the log says so once", async () => {
    kv.mode = "throws";
    await request();
    kv.mode = "works";
    write(6);
    await clock.advance(999);
    expect(await request()).toBeUndefined();
    await clock.advance(1);
    expect(await request()).toBe(6);
    expect(log).toEqual([
      { event: "revocations", change: "read-failed", code: "read-failed" },
      { event: "revocations", change: "recovered", code: undefined },
    ]);
  });

  it("never answers the request that began a read, another request begins its own", async () => {
    kv.mode = "hangs";
    // The request died, and its timers with it.
    const dead = new RevocationReader(SETTINGS, {
      kv,
      now: clock.now,
      sleep: (ms) => (ms === 500 && kv.mode === "hangs" ? new Promise(() => {}) : clock.sleep(ms)),
      log: () => {},
    });
    void dead.load(waitUntil);
    const other = dead.load(waitUntil);
    kv.mode = "works";
    write(7);
    expect((await clock.run(other))?.size).toBe(7);
  });
});

describe("the bound", () => {
  it.each([
    { refreshSeconds: 30, expected: 120 },
    { refreshSeconds: 1, expected: 91 },
    { refreshSeconds: 3600, expected: 3690 },
  ])("is $expected s for refreshSeconds $refreshSeconds", ({ refreshSeconds, expected }) => {
    expect(revocationBound({ refreshSeconds })).toBe(expected);
  });

  it("of an outage follows from maxStaleSeconds, and does not exist with onStale serve", () => {
    expect(revocationBoundOfOutage(SETTINGS)).toBe(690);
    expect(revocationBoundOfOutage({ ...SETTINGS, onStale: "serve" })).toBeUndefined();
  });
});
