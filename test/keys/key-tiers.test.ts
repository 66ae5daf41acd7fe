import type { JWK } from "jose";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createKeyEventLog } from "../../src/keys/key-event-log.ts";
import { KeyTiers } from "../../src/keys/key-tiers.ts";
import { FakeIssuer, FakeKv, ISSUER, type LogLine, newJwk, startClock } from "../support/keys/virtual-world.ts";

let a: JWK;
beforeAll(async () => {
  a = await newJwk("a");
});

let clock: ReturnType<typeof startClock>;
let site: FakeIssuer;
let kv: FakeKv;
let lines: LogLine[];
let background: Promise<unknown>[];
let tiers: KeyTiers;
beforeEach(() => {
  clock = startClock();
  site = new FakeIssuer(clock);
  kv = new FakeKv();
  lines = [];
  background = [];
  tiers = isolate();
  site.publish(a);
});

function isolate(): KeyTiers {
  const log = (line: LogLine) => void lines.push(line);
  const io = { kv, fetch: site.fetch, now: clock.now, sleep: clock.sleep, log };
  return new KeyTiers(ISSUER, io, createKeyEventLog(ISSUER, log));
}

async function ask(): Promise<string> {
  const outcome = await clock.run(tiers.askIssuer((work) => background.push(work), false));
  await clock.run(Promise.all(background.splice(0)));
  return outcome;
}

describe("KeyTiers.askIssuer", () => {
  it("stores the answer in memory and in KV", async () => {
    expect(await ask()).toBe("fresh");
    expect([tiers.memory.cached?.set.all.size, kv.puts.length]).toEqual([1, 1]);
  });

  it("keeps the keys in memory and writes nothing if the issuer fails", async () => {
    await ask();
    site.down();
    expect(await ask()).toBe("failed");
    expect([tiers.memory.cached?.set.all.size, kv.puts.length]).toEqual([1, 1]);
    expect(lines.map(({ change }) => change)).toEqual(["refreshed", "refresh-failed"]);
  });

  it("does not write KV if the answer to a later request is stored already", async () => {
    const slow = tiers.askIssuer((work) => background.push(work), false);
    tiers.store({ keys: new Map(), skipped: [], etag: undefined, fetchedAt: clock.now() + 10 }, "kv", false);
    expect(await clock.run(slow)).toBe("superseded");
    expect([background.length, kv.puts.length]).toEqual([0, 0]);
  });
});

describe("KeyTiers.readNewerFromKv", () => {
  it("reads the record of another isolate and stores nothing", async () => {
    await ask();
    const other = isolate();
    expect((await clock.run(other.readNewerFromKv()))?.keys.size).toBe(1);
    expect(other.memory.cached).toBeUndefined();
  });

  it("reads nothing that is no newer than memory", async () => {
    await ask();
    expect(await clock.run(tiers.readNewerFromKv())).toBeUndefined();
  });

  it("reads nothing that is expired", async () => {
    await ask();
    await clock.advance(1_000_001);
    expect(await clock.run(isolate().readNewerFromKv())).toBeUndefined();
  });
});

describe("KeyTiers.store", () => {
  for (const { name, ageMs, expected } of [
    { name: "fresh", ageMs: 99_999, expected: "fresh" },
    { name: "aging", ageMs: 100_000, expected: "aging" },
  ]) {
    it(`tells that keys are ${name}`, () => {
      const fetched = { keys: new Map(), skipped: [], etag: undefined, fetchedAt: clock.now() - ageMs };
      expect(tiers.store(fetched, "kv", false)).toBe(expected);
    });
  }
});
