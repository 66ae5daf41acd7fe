import { describe, expect, it } from "vitest";
import {
  afterColdLoadBegan,
  afterFreshKeys,
  afterIssuerFailed,
  afterKidLookupAnswered,
  afterKidLookupBegan,
  afterKidLookupFound,
  coldLoadTiers,
  type FetchClocks,
  INITIAL_CLOCKS,
  isBackedOff,
  mayLookUpKid,
  startsLookupsAnew,
} from "../../src/keys/fetch-clocks.ts";

/** Every member differs from its first value, so that a transition that changes too much is noticed. */
const CLOCKS: FetchClocks = {
  issuerBackoffUntil: 1_000,
  nextColdKvReadAt: 500,
  nextKidLookupAt: 2_000,
  kidLookupGapMs: 5_000,
  answeredLookupBeganAt: 300,
};

describe("each transition changes its own members and leaves the record it was given", () => {
  const table: { name: string; transition: (clocks: FetchClocks) => FetchClocks; expected: Partial<FetchClocks> }[] = [
    {
      name: "a cold load begins",
      transition: (clocks) => afterColdLoadBegan(clocks, 700),
      expected: { nextColdKvReadAt: 1_700 },
    },
    {
      name: "a lookup of a kid begins soon after another: the gap is twice as long",
      transition: (clocks) => afterKidLookupBegan(clocks, 2_000, 30_000),
      expected: { nextKidLookupAt: 12_000, kidLookupGapMs: 10_000 },
    },
    {
      name: "a lookup of a kid begins just before two quiet cooldowns have passed: the gap doubles",
      transition: (clocks) => afterKidLookupBegan(clocks, 2_000 + 59_999, 30_000),
      expected: { nextKidLookupAt: 71_999, kidLookupGapMs: 10_000 },
    },
    {
      name: "a lookup of a kid begins after two quiet cooldowns: the gap is the shortest",
      transition: (clocks) => afterKidLookupBegan(clocks, 2_000 + 60_000, 30_000),
      expected: { nextKidLookupAt: 67_000, kidLookupGapMs: 5_000 },
    },
    {
      name: "a lookup of a kid begins after a find: the gap is the shortest",
      transition: (clocks) => afterKidLookupBegan({ ...clocks, kidLookupGapMs: 0 }, 2_000, 30_000),
      expected: { nextKidLookupAt: 7_000, kidLookupGapMs: 5_000 },
    },
    {
      name: "a lookup of a kid begins: no gap is longer than a cooldown",
      transition: (clocks) => afterKidLookupBegan({ ...clocks, kidLookupGapMs: 20_000 }, 2_000, 30_000),
      expected: { nextKidLookupAt: 32_000, kidLookupGapMs: 30_000 },
    },
    {
      name: "a lookup of a kid begins: a cooldown of less than five seconds is the gap from the start",
      transition: (clocks) => afterKidLookupBegan(clocks, 2_000 + 60_000, 1_000),
      expected: { nextKidLookupAt: 63_000, kidLookupGapMs: 1_000 },
    },
    {
      name: "the issuer answered a lookup",
      transition: (clocks) => afterKidLookupAnswered(clocks, 400),
      expected: { answeredLookupBeganAt: 400 },
    },
    {
      name: "the issuer answered a lookup after it answered one that began later",
      transition: (clocks) => afterKidLookupAnswered(clocks, 200),
      expected: {},
    },
    {
      name: "a lookup found a key: the next may come when the shortest gap has passed, and starts anew",
      transition: (clocks) => afterKidLookupFound({ ...clocks, nextKidLookupAt: 30_000 }, 700, 30_000),
      expected: { nextKidLookupAt: 5_700, kidLookupGapMs: 0 },
    },
    {
      name: "a lookup found a key late: the next need not wait longer than before",
      transition: (clocks) => afterKidLookupFound(clocks, 700, 30_000),
      expected: { nextKidLookupAt: 2_000, kidLookupGapMs: 0 },
    },
    {
      name: "the issuer failed: its backoff begins",
      transition: (clocks) => afterIssuerFailed(clocks, 700, 30),
      expected: { issuerBackoffUntil: 730 },
    },
    {
      name: "fresh keys arrived: the backoff ends",
      transition: afterFreshKeys,
      expected: { issuerBackoffUntil: 0 },
    },
  ];
  for (const { name, transition, expected } of table) {
    it(name, () => {
      const before = Object.freeze({ ...CLOCKS });
      expect(transition(before)).toEqual({ ...CLOCKS, ...expected });
    });
  }
});

describe("the issuer", () => {
  const table = [
    { name: "is backed off just before the end of the backoff", now: 999, expected: true },
    { name: "is not backed off at its end", now: 1_000, expected: false },
    { name: "is backed off for one cooldown at most", now: 1_000 - 30_000, expected: true },
    { name: "is not backed off for longer: the clock was set back", now: 1_000 - 30_001, expected: false },
  ];
  for (const { name, now, expected } of table) {
    it(name, () => expect(isBackedOff(CLOCKS, now, 30_000)).toBe(expected));
  }
});

describe("a request without keys", () => {
  const table = [
    { name: "reads both tiers at first", clocks: INITIAL_CLOCKS, now: 0, expected: "kv-then-issuer" },
    { name: "reads nothing just before the next read of KV", clocks: CLOCKS, now: 499, expected: "none" },
    { name: "reads KV alone while the issuer is backed off", clocks: CLOCKS, now: 500, expected: "kv-only" },
    { name: "reads KV alone until just before the backoff ends", clocks: CLOCKS, now: 999, expected: "kv-only" },
    { name: "reads both when the backoff ends", clocks: CLOCKS, now: 1_000, expected: "kv-then-issuer" },
    {
      name: "reads nothing a second before the next read of KV",
      clocks: { ...CLOCKS, issuerBackoffUntil: 2_000 },
      now: -500,
      expected: "none",
    },
    {
      name: "reads KV if that is further ahead: the clock was set back",
      clocks: { ...CLOCKS, issuerBackoffUntil: 2_000 },
      now: -501,
      expected: "kv-only",
    },
    {
      name: "reads both after the backoff although KV was just read",
      clocks: { ...CLOCKS, nextColdKvReadAt: 1_500 },
      now: 1_000,
      expected: "kv-then-issuer",
    },
  ];
  for (const { name, clocks, now, expected } of table) {
    it(name, () => expect(coldLoadTiers(clocks, now, 30_000)).toBe(expected));
  }
});

describe("a lookup of a kid", () => {
  const table = [
    { name: "may be the first", clocks: INITIAL_CLOCKS, now: 0, expected: true },
    { name: "may not begin just before the gap ends", clocks: CLOCKS, now: 1_999, expected: false },
    { name: "may begin when the gap ends", clocks: CLOCKS, now: 2_000, expected: true },
    { name: "may not begin a cooldown before that", clocks: CLOCKS, now: 2_000 - 30_000, expected: false },
    { name: "may begin earlier still: the clock was set back", clocks: CLOCKS, now: 2_000 - 30_001, expected: true },
  ];
  for (const { name, clocks, now, expected } of table) {
    it(name, () => expect(mayLookUpKid(clocks, now, 30_000)).toBe(expected));
  }
});

describe("lookups start anew", () => {
  const table = [
    { name: "with the first", clocks: INITIAL_CLOCKS, now: 0, expected: true },
    { name: "after a find", clocks: { ...CLOCKS, kidLookupGapMs: 0 }, now: 2_000, expected: true },
    { name: "when two cooldowns have passed since the gap", clocks: CLOCKS, now: 62_000, expected: true },
    { name: "not just before", clocks: CLOCKS, now: 61_999, expected: false },
  ];
  for (const { name, clocks, now, expected } of table) {
    it(name, () => expect(startsLookupsAnew(clocks, now, 30_000)).toBe(expected));
  }
});

describe("lookups in vain", () => {
  const COOLDOWN_MS = 30_000;

  /** The times of `count` lookups, each as soon as the clocks allow it and `pauseMs` later. */
  function timesOf(count: number, pauseMs: (index: number) => number): number[] {
    let clocks = INITIAL_CLOCKS;
    let now = 1_000_000;
    return Array.from({ length: count }, (_, index) => {
      now = Math.max(now, clocks.nextKidLookupAt) + pauseMs(index);
      clocks = afterKidLookupBegan(clocks, now, COOLDOWN_MS);
      return now;
    });
  }

  it("come after 5, 10, 20 and 30 seconds, and then once per cooldown", () => {
    const times = timesOf(7, () => 0);
    expect(times.map((time) => (time - 1_000_000) / 1000)).toEqual([0, 5, 15, 35, 65, 95, 125]);
  });

  // An attacker who pauses so that lookups start anew gains nothing in the long run.
  for (const burst of [1, 2, 3, 4, 5, 10]) {
    it(`in bursts of ${burst} with pauses between them come no more often than once per cooldown`, () => {
      const count = burst * 20;
      const times = timesOf(count + 1, (index) => (index > 0 && index % burst === 0 ? 2 * COOLDOWN_MS : 0));
      const spanMs = (times.at(-1) ?? 0) - (times[0] ?? 0);
      expect(count).toBeLessThanOrEqual(spanMs / COOLDOWN_MS);
    });
  }
});
