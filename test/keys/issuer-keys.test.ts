import type { JWK } from "jose";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { Denial } from "../../src/answer/denial.ts";
import { recordName } from "../../src/keys/kv-record.ts";
import { newJwk, VirtualWorld } from "../support/keys/virtual-world.ts";

let a: JWK;
let b: JWK;
beforeAll(async () => {
  a = await newJwk("a");
  b = await newJwk("b");
});

/** Has had {a} for a minute: older than any tolerance, younger than any refresh. */
let world: VirtualWorld;
let asked: () => number;
beforeEach(async () => {
  world = new VirtualWorld();
  world.site.publish(a);
  await world.load();
  await world.settle();
  await world.clock.advance(60_000);
  const before = world.site.requests.length;
  asked = () => world.site.requests.length - before;
});

describe("an unknown kid", () => {
  it("that is in memory by now costs nothing", async () => {
    const reads = world.kv.reads;
    expect(await world.find("a", 0)).toBe("memory: a");
    expect([asked(), world.kv.reads - reads]).toEqual([0, 0]);
  });

  it("is found at the issuer after a rotation", async () => {
    world.site.publish(b);
    expect(await world.find("b", 0)).toBe("issuer: a b");
  });

  it("is found in KV first, and the issuer is left alone", async () => {
    const other = world.anotherIsolate();
    world.site.publish(a, b);
    await other.refreshAll();
    const before = asked();
    expect(await world.find("b", 0)).toBe("kv: a b");
    expect(asked() - before).toBe(0);
  });

  it("is noticed at once after a successful cold fetch, which is no lookup", async () => {
    world = new VirtualWorld();
    world.site.publish(a);
    await world.load();
    world.site.publish(b);
    expect(await world.find("b", 0)).toBe("issuer: a b");
  });

  it("is noticed at once after a scheduled fetch, which is no lookup", async () => {
    await world.refreshAll();
    world.site.publish(b);
    expect(await world.find("b", 0)).toBe("issuer: a b");
  });

  it("in a cold isolate is looked up after loading", async () => {
    world = new VirtualWorld();
    world.site.publish(a);
    expect(await world.find("a", 0)).toBe("issuer: a");
    expect(world.site.requests.length).toBe(1);
    world = new VirtualWorld();
    world.site.publish(a);
    expect(await world.find("x", -60)).toBe("key-unknown");
    expect(world.site.requests.length).toBe(2);
  });

  it("in a cold isolate whose issuer is down is a 503", async () => {
    world = new VirtualWorld();
    world.site.down();
    expect(await world.find("a", -3600)).toBe("keys-unavailable 30");
  });
});

describe("the refusal after a lookup", () => {
  const table: { name: string; issuer: "answers" | "down"; issuedAt: number | undefined; expected: string }[] = [
    { name: "401 for a token from before the lookup", issuer: "answers", issuedAt: -5, expected: "key-unknown" },
    {
      name: "503 for one within the tolerance of the lookup",
      issuer: "answers",
      issuedAt: -4,
      expected: "keys-unavailable 5",
    },
    { name: "503 for one issued now", issuer: "answers", issuedAt: 0, expected: "keys-unavailable 5" },
    {
      name: "401 for one from the future, which no key makes valid",
      issuer: "answers",
      issuedAt: 7,
      expected: "key-unknown",
    },
    { name: "401 for one without iat", issuer: "answers", issuedAt: undefined, expected: "key-unknown" },
    {
      name: "503 for one from after the last good read, with the issuer down",
      issuer: "down",
      issuedAt: -30,
      expected: "keys-unavailable 5",
    },
    {
      name: "401 for one from before the last good read, with the issuer down",
      issuer: "down",
      issuedAt: -67,
      expected: "key-unknown",
    },
    {
      name: "503 for one without iat, with the issuer down",
      issuer: "down",
      issuedAt: undefined,
      expected: "keys-unavailable 5",
    },
  ];
  for (const { name, issuer, issuedAt, expected } of table) {
    it(name, async () => {
      if (issuer === "down") world.site.down();
      expect(await world.find("x", issuedAt)).toBe(expected);
      expect(asked()).toBe(1);
      expect(world.kids()).toEqual(["a"]);
    });
  }

  it("Retry-After is the rest of the gap, and then there is another lookup", async () => {
    await world.find("x", 0);
    world.site.publish(b);
    await world.clock.advance(4_000);
    expect(await world.find("b", 0)).toBe("keys-unavailable 1");
    expect(asked()).toBe(1);
    await world.clock.advance(1_000);
    expect(await world.find("b", 0)).toBe("issuer: a b");
    expect(asked()).toBe(2);
  });

  it("a lookup that fails counts like any other", async () => {
    world.site.down();
    await world.find("x", 0);
    await world.clock.advance(4_900);
    expect(await world.find("y", 0)).toBe("keys-unavailable 1");
    expect(asked()).toBe(1);
  });

  it("KV that throws, hangs or is empty is only a miss", async () => {
    for (const mode of ["throws", "hangs"] as const) {
      world = new VirtualWorld();
      world.kv.mode = mode;
      world.site.publish(a);
      await world.load();
      world.site.publish(a, b);
      expect(await world.find("b", 0)).toBe("issuer: a b");
    }
  });
});

describe("bursts", () => {
  for (const { name, issuedAt, expected } of [
    { name: "of old tokens", issuedAt: -120, expected: "key-unknown" },
    { name: "of new tokens", issuedAt: 0, expected: "keys-unavailable 5" },
    { name: "of tokens without iat", issuedAt: undefined, expected: "key-unknown" },
  ]) {
    it(`10,000 different kids at once ${name}: one KV read and one request to the issuer`, async () => {
      const reads = world.kv.reads;
      const finds = Array.from({ length: 10_000 }, (_, index) => world.startFind(`forged ${index}`, issuedAt));
      const outcomes = new Set(await world.clock.run(Promise.all(finds)));
      expect(outcomes).toEqual(new Set([expected]));
      expect([asked(), world.kv.reads - reads]).toEqual([1, 1]);
    });
  }

  for (const state of ["up", "down"]) {
    it(`forged kids without end: one lookup per cooldown after the first three while the issuer is ${state}`, async () => {
      await world.refreshAll();
      if (state === "down") world.site.down();
      const before = asked();
      // A new one every second for 89 s: lookups at 0, 5, 15, 35 and 65 s, and the set does not become stale.
      const end = world.clock.now() + 89_000;
      for (let count = 0; world.clock.now() < end; count++) {
        await world.find(`forged ${count}`, 0);
        await world.clock.advance(1_000);
      }
      expect(asked() - before).toBe(5);
    });
  }

  it("race: a rotation amid a burst; tokens that may be newer wait for the lookup and get the key", async () => {
    world.site.publish(a, b);
    const forged = world.startFind("forged", -60);
    const genuine = Array.from({ length: 100 }, () => world.startFind("b", 0));
    const outcomes = await world.clock.run(Promise.all([forged, ...genuine]));
    expect(outcomes[0]).toBe("key-unknown");
    expect(new Set(outcomes.slice(1))).toEqual(new Set(["memory: a b"]));
    expect(asked()).toBe(1);
  });

  it("race: during a lookup, a token from before the last good read is refused at once", async () => {
    const looking = world.startFind("x", 0);
    const before = world.clock.now();
    expect(await world.startFind("y", -120)).toBe("key-unknown");
    expect(world.clock.now()).toBe(before);
    expect(await world.clock.run(looking)).toBe("keys-unavailable 5");
  });

  it("race: a lookup that fails is noticed at once by those who wait for it", async () => {
    world.site.down();
    const finds = [world.startFind("x", 0), world.startFind("y", 0), world.startFind("z", undefined)];
    const before = world.clock.now();
    const outcomes = await world.clock.run(Promise.all(finds));
    expect(new Set(outcomes)).toEqual(new Set(["keys-unavailable 5"]));
    expect(world.clock.now() - before).toBeLessThanOrEqual(60);
  });
});

describe("the gap between two lookups", () => {
  /** Sends a forged kid as often as there is a lookup, and returns the `Retry-After` of each. */
  async function lookUpInVain(times: number): Promise<string[]> {
    const answers: string[] = [];
    for (let time = 0; time < times; time++) {
      const answer = await world.find(`forged ${time}`, 0);
      answers.push(answer);
      await world.clock.advance(Number(answer.split(" ")[1]) * 1000);
    }
    return answers;
  }

  it("doubles with each lookup in vain, up to the cooldown", async () => {
    const gaps = [5, 10, 20, 30, 30];
    expect(await lookUpInVain(5)).toEqual(gaps.map((gap) => `keys-unavailable ${gap}`));
  });

  it("is the shortest after a lookup that found a key, even one of another kid", async () => {
    await lookUpInVain(3);
    world.site.publish(a, b);
    expect(await world.find("forged", 0)).toBe("keys-unavailable 5");
    expect(world.kids()).toEqual(["a", "b"]);
    await world.clock.advance(5_000);
    expect(await lookUpInVain(2)).toEqual(["keys-unavailable 5", "keys-unavailable 10"]);
  });

  it("is the shortest after a lookup that found the key in KV", async () => {
    await lookUpInVain(3);
    world.site.publish(a, b);
    await world.anotherIsolate().refreshAll();
    expect(await world.find("b", 0)).toBe("kv: a b");
    expect(await world.find("x", 0)).toBe("keys-unavailable 5");
  });

  for (const { name, quietMs, expected } of [
    { name: "is the shortest after two quiet cooldowns", quietMs: 60_000, expected: "keys-unavailable 5" },
    { name: "doubles just before two quiet cooldowns", quietMs: 59_900, expected: "keys-unavailable 10" },
  ]) {
    it(name, async () => {
      await lookUpInVain(1);
      await world.clock.advance(quietMs);
      expect(await world.find("x", 0)).toBe(expected);
    });
  }

  it("is the cooldown where that is less than five seconds", async () => {
    world = new VirtualWorld({ cooldownSeconds: 2 });
    world.site.publish(a);
    await world.load();
    expect(await lookUpInVain(3)).toEqual(new Array(3).fill("keys-unavailable 2"));
  });
});

describe("a token without iat", () => {
  it("waits for a lookup that began before its request, and is served if that finds the key", async () => {
    world.site.publish(a, b);
    const looking = world.startFind("forged", 0);
    await world.clock.advance(20);
    expect(await world.find("b", undefined)).toBe("memory: a b");
    expect(await looking).toBe("keys-unavailable 5");
    expect(asked()).toBe(1);
  });

  it("is told to come back if that lookup does not, and refused for good by one that begins later", async () => {
    const looking = world.startFind("forged", 0);
    await world.clock.advance(20);
    expect(await world.find("b", undefined)).toBe("keys-unavailable 5");
    await looking;
    await world.clock.advance(5_000);
    expect(await world.find("b", undefined)).toBe("key-unknown");
    expect(asked()).toBe(2);
  });

  it("is told to come back while no lookup may begin, although the issuer answered the latest", async () => {
    await world.find("forged", undefined);
    await world.clock.advance(1_000);
    expect(await world.find("b", undefined)).toBe("keys-unavailable 4");
  });

  it("is told to come back if the lookup of its own request fails", async () => {
    await world.find("forged", undefined);
    await world.clock.advance(5_000);
    world.site.down();
    expect(await world.find("b", undefined)).toBe("keys-unavailable 10");
  });
});

describe("an issuer that publishes late", () => {
  const table = [
    { name: "503 within the lag and the tolerance", issuedAt: -65, expected: "keys-unavailable 5" },
    { name: "401 just after", issuedAt: -66, expected: "key-unknown" },
  ];
  for (const { name, issuedAt, expected } of table) {
    it(name, async () => {
      world = new VirtualWorld({ publicationLagSeconds: 60 });
      world.site.publish(a);
      await world.load();
      await world.clock.advance(1_000 - (world.clock.now() % 1_000));
      expect(await world.find("b", issuedAt)).toBe(expected);
      expect(world.site.requests.length).toBe(2);
    });
  }
});

describe("the detail of a 503", () => {
  it("tells a key that may be new from an issuer that cannot be read", async () => {
    const detail = async () => {
      const denial = await world.clock.run(
        Promise.resolve(world.keys.find("x", world.clock.now() / 1000, world.waitUntil)),
      );
      return denial instanceof Denial ? denial.detail : undefined;
    };
    expect(await detail()).toBe("key-may-be-new: The issuer may not have published the key yet.");
    world.site.down();
    await world.clock.advance(5_000);
    expect(await detail()).toBe("The key set lacks the key. The issuer could not be reached.");
  });
});

describe("removed keys", () => {
  for (const { name, cronEverySeconds } of [
    { name: "an issuer that alternates between {a} and {b}", cronEverySeconds: Number.POSITIVE_INFINITY },
    { name: "the same, with a scheduled refresh in between now and then", cronEverySeconds: 35 },
  ]) {
    it(`${name}: neither is ever refused`, async () => {
      world.site.answer = () => Response.json({ keys: [world.site.requests.length % 2 === 0 ? b : a] });
      const refused: string[] = [];
      for (let seconds = 0; seconds < 600; seconds += 5) {
        if (seconds % cronEverySeconds === 30) await world.refreshAll();
        for (const kid of ["a", "b"]) {
          const answer = await world.find(kid, -60);
          if (answer.startsWith("key")) refused.push(`${seconds} ${answer}`);
        }
        await world.settle();
        await world.clock.advance(5_000);
      }
      expect(refused).toEqual([]);
    });
  }

  it("a key that a lookup found missing is refreshed when it would have been without that lookup", async () => {
    world.site.publish(b);
    await world.find("b", 0);
    const before = asked();
    await world.clock.advance(40_000 - 100);
    expect(world.kids()).toEqual(["a", "b"]);
    await world.settle();
    expect(asked() - before).toBe(0);
    await world.clock.advance(100);
    expect(world.kids()).toEqual(["a", "b"]);
    await world.settle();
    expect(asked() - before).toBe(1);
    expect(world.kids()).toEqual(["b"]);
  });

  it("and is accepted for one cooldown at most when nobody answers that refresh", async () => {
    world.site.publish(b);
    await world.find("b", 0);
    world.site.down();
    await world.clock.advance(70_000 - 100);
    expect(world.kids()).toEqual(["a", "b"]);
    await world.clock.advance(100);
    expect(world.kids()).toEqual(["b"]);
  });

  it("a retained key is not written to KV", async () => {
    world.site.publish(b);
    await world.find("b", 0);
    await world.settle();
    expect(world.kv.puts.at(-1)?.value).toContain('"kid":"b"');
    expect(world.kv.puts.at(-1)?.value).not.toContain('"kid":"a"');
  });
});

describe("a new key under the kid of an old one", () => {
  const keysOfA = () => world.keys.current(world.waitUntil)?.byKid.get("a");

  it("is used from the refresh on, and nothing asks for it before", async () => {
    const before = keysOfA();
    world.site.publish(await newJwk("a"));
    await world.clock.runUntil((world.keys.current(world.waitUntil)?.fetchedAt ?? 0) + 99_999);
    expect([await world.find("a", 0), asked()]).toEqual(["memory: a", 0]);
    expect(keysOfA()).toBe(before);
    await world.clock.advance(1);
    expect(await world.find("a", 0)).toBe("memory: a");
    await world.settle();
    expect([keysOfA()?.length, asked()]).toEqual([1, 1]);
    expect(keysOfA()?.[0]).not.toBe(before?.[0]);
  });
});

describe("a kid whose key the issuer publishes but that cannot be used", () => {
  /** Two kids in the set, of which only `a` can be used. */
  let skipped: JWK;
  let reads: () => number;
  beforeEach(async () => {
    skipped = { ...b, use: "enc" };
    world = new VirtualWorld();
    world.site.publish(a, skipped);
    await world.load();
    await world.settle();
    const before = { requests: world.site.requests.length, reads: world.kv.reads };
    asked = () => world.site.requests.length - before.requests;
    reads = () => world.kv.reads - before.reads;
  });

  for (const { name, issuedAt } of [
    { name: "issued now", issuedAt: 0 },
    { name: "issued before the set was read", issuedAt: -60 },
    { name: "without iat", issuedAt: undefined },
  ]) {
    it(`is unknown at once to a token ${name}: nothing is read and no time passes`, async () => {
      const before = world.clock.now();
      expect(await world.find("b", issuedAt)).toBe("key-unknown");
      expect([asked(), reads(), world.clock.now() - before]).toEqual([0, 0, 0]);
    });
  }

  it("differs from a kid that the set lacks, which is looked up and may be newer", async () => {
    expect(await world.find("x", 0)).toBe("keys-unavailable 5");
    expect([asked(), reads()]).toEqual([1, 1]);
  });

  it("is refused with a detail that says so", async () => {
    expect(await world.keys.find("b", undefined, world.waitUntil)).toMatchObject({
      reason: "key-unknown",
      detail: "The issuer's key of this kid cannot be used.",
    });
  });

  it("does not wait for a pending lookup, and uses up no cooldown", async () => {
    const lookup = world.startFind("x", 0);
    const before = world.clock.now();
    expect(await world.startFind("b", 0)).toBe("key-unknown");
    expect(world.clock.now()).toBe(before);
    await world.clock.run(lookup);
    await world.clock.advance(30_000);
    expect(await world.find("b", 0)).toBe("key-unknown");
    const c = await newJwk("c");
    world.site.publish(a, c, skipped);
    expect(await world.find("c", 0)).toBe("issuer: a c");
  });

  it("is found once the issuer publishes a usable key under it", async () => {
    world.site.publish(a, b);
    expect(await world.find("b", 0)).toBe("key-unknown");
    await world.refreshAll();
    expect(await world.find("b", 0)).toBe("memory: a b");
  });

  it("is found where the set has a usable key under the same kid", async () => {
    world.site.publish(a, skipped, b);
    await world.refreshAll();
    expect(await world.find("b", 0)).toBe("memory: a b");
  });

  it("is found while the usable key that was published before is retained", async () => {
    world = new VirtualWorld();
    world.site.publish(b);
    await world.load();
    world.site.publish(a, skipped);
    expect(await world.find("a", 0)).toBe("issuer: a b");
    expect(await world.find("b", 0)).toBe("memory: a b");
  });

  it("is unavailable and not unknown when the set is expired and nobody answers", async () => {
    world.site.down();
    await world.clock.advance(1_000_001);
    expect(await world.find("b", 0)).toBe("keys-unavailable 30");
  });

  it("costs an isolate with keys from KV one lookup, because the record has usable keys only", async () => {
    const other = world.anotherIsolate();
    expect(await other.load()).toBe("kv: a");
    await world.clock.advance(1_000);
    expect(await other.find("b", 0)).toBe("key-unknown");
    expect(asked()).toBe(1);
    await world.clock.advance(31_000);
    expect(await other.find("b", 0)).toBe("key-unknown");
    expect(asked()).toBe(1);
  });

  it("is known from KV where the record has the key and this isolate cannot use it", async () => {
    const name = await recordName(world.issuer);
    const keys = [a, { ...b, kty: "AKP" }];
    const fetchedAt = world.clock.now();
    world.kv.values.set(name, JSON.stringify({ version: 1, jwks: { keys }, fetchedAt }));
    const other = world.anotherIsolate();
    expect(await other.load()).toBe("kv: a");
    expect(await other.find("b", 0)).toBe("key-unknown");
    expect(asked()).toBe(0);
  });

  it("is forgotten when a later answer lacks it", async () => {
    world.site.publish(a);
    await world.refreshAll();
    expect(await world.find("b", 0)).toBe("keys-unavailable 5");
    expect(asked()).toBe(2);
  });
});
