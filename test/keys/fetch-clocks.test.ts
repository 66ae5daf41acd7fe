import { describe, expect, it } from "vitest";
import {
  afterColdLoadBegan,
  afterFreshKeys,
  afterIssuerFailed,
  afterKidLookupAsked,
  afterKidLookupBegan,
  coldLoadTiers,
  type FetchClocks,
  INITIAL_CLOCKS,
  isBackedOff,
  mayLookUpKid,
} from "../../src/keys/fetch-clocks.ts";

/** Every member differs from its first value, so that a transition that changes too much is noticed. */
const CLOCKS: FetchClocks = {
  issuerBackoffUntil: 1_000,
  nextColdKvReadAt: 500,
  nextKidLookupAt: 2_000,
  issuerAnsweredLookup: true,
};

describe("each transition changes its own members and leaves the record it was given", () => {
  const table: { name: string; transition: (clocks: FetchClocks) => FetchClocks; expected: Partial<FetchClocks> }[] = [
    {
      name: "a cold load begins",
      transition: (clocks) => afterColdLoadBegan(clocks, 700, 50),
      expected: { nextColdKvReadAt: 750 },
    },
    {
      name: "a lookup of a kid begins: its cooldown begins, and no answer counts any longer",
      transition: (clocks) => afterKidLookupBegan(clocks, 700, 30),
      expected: { nextKidLookupAt: 730, issuerAnsweredLookup: false },
    },
    {
      name: "the issuer failed in a lookup",
      transition: (clocks) => afterKidLookupAsked(clocks, false),
      expected: { issuerAnsweredLookup: false },
    },
    {
      name: "the issuer answered in a lookup",
      transition: (clocks) => afterKidLookupAsked({ ...clocks, issuerAnsweredLookup: false }, true),
      expected: { issuerAnsweredLookup: true },
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
  ];
  for (const { name, now, expected } of table) {
    it(name, () => expect(isBackedOff(CLOCKS, now)).toBe(expected));
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
      name: "reads both after the backoff although KV was just read",
      clocks: { ...CLOCKS, nextColdKvReadAt: 1_500 },
      now: 1_000,
      expected: "kv-then-issuer",
    },
  ];
  for (const { name, clocks, now, expected } of table) {
    it(name, () => expect(coldLoadTiers(clocks, now)).toBe(expected));
  }
});

describe("a lookup of a kid", () => {
  const table = [
    { name: "may be the first", clocks: INITIAL_CLOCKS, now: 0, expected: true },
    { name: "may not begin just before the cooldown ends", clocks: CLOCKS, now: 1_999, expected: false },
    { name: "may begin when the cooldown ends", clocks: CLOCKS, now: 2_000, expected: true },
  ];
  for (const { name, clocks, now, expected } of table) {
    it(name, () => expect(mayLookUpKid(clocks, now)).toBe(expected));
  }
});
