import { describe, expect, it } from "vitest";
import { decide, isWorthWriting, mayBeNewer, removedKeyBound, type SeenRecord } from "../../src/keys/freshness.ts";
import { SETTINGS, START } from "../support/keys/virtual-world.ts";

describe("decide", () => {
  const table = [
    { name: "a set fetched now is used", ageMs: 0, expected: "use" },
    { name: "just younger than refreshAfterSeconds is used", ageMs: 99_999, expected: "use" },
    { name: "as old as refreshAfterSeconds is refreshed behind", ageMs: 100_000, expected: "refresh-behind" },
    { name: "as old as maxStaleSeconds still serves", ageMs: 1_000_000, expected: "refresh-behind" },
    { name: "just older than maxStaleSeconds is unusable", ageMs: 1_000_001, expected: "unusable" },
    { name: "one millisecond from the future is unusable", ageMs: -1, expected: "unusable" },
    { name: "no time at all is unusable", ageMs: Number.NaN, expected: "unusable" },
  ];
  for (const { name, ageMs, expected } of table) {
    it(name, () => expect(decide(START - ageMs, SETTINGS, START)).toBe(expected));
  }
});

describe("mayBeNewer", () => {
  const fetchedAt = START;
  const base = { clockToleranceSeconds: 5, fetchedAt, issuerAnsweredLook: false, now: START + 60_000 };
  const seconds = START / 1000;
  const table = [
    { name: "a token from before the read is not newer", input: { iat: seconds - 60 }, expected: false },
    { name: "within the tolerance before the read may be newer", input: { iat: seconds - 5 }, expected: true },
    {
      name: "just outside the tolerance before the read is not newer",
      input: { iat: seconds - 5.001 },
      expected: false,
    },
    { name: "a token from after the read may be newer", input: { iat: seconds + 30 }, expected: true },
    { name: "the latest iat that is valid now may be newer", input: { iat: seconds + 65 }, expected: true },
    { name: "an iat that is not valid yet is not newer", input: { iat: seconds + 65.001 }, expected: false },
    { name: "without iat it may be newer until a look asked", input: { iat: undefined }, expected: true },
    { name: "without iat it is not newer after a look", input: { iat: undefined, looked: true }, expected: false },
    { name: "an iat that is no number counts as none", input: { iat: Number.NaN, looked: true }, expected: false },
    {
      name: "a look does not settle a token from after it",
      input: { iat: seconds + 30, looked: true },
      expected: true,
    },
  ];
  for (const { name, input, expected } of table) {
    it(name, () => {
      const unknown = { ...base, unverifiedIssuedAtSeconds: input.iat, issuerAnsweredLook: input.looked ?? false };
      expect(mayBeNewer(unknown)).toBe(expected);
    });
  }
});

describe("isWorthWriting", () => {
  const keys = new Set(["a", "b"]);
  const seen = (ageMs: number, ...texts: string[]): SeenRecord => ({ fetchedAt: START - ageMs, keys: new Set(texts) });
  const table = [
    { name: "nothing was seen", input: undefined, expected: true },
    {
      name: "the same keys at a quarter of refreshAfterSeconds are not written",
      input: seen(25_000, "b", "a"),
      expected: false,
    },
    { name: "the same keys just past a quarter are written", input: seen(25_001, "a", "b"), expected: true },
    { name: "another key is written at once", input: seen(0, "a", "c"), expected: true },
    { name: "one key more is written at once", input: seen(0, "a"), expected: true },
    { name: "one key fewer is written at once", input: seen(0, "a", "b", "c"), expected: true },
  ];
  for (const { name, input, expected } of table) {
    it(name, () => expect(isWorthWriting(keys, input, SETTINGS, START)).toBe(expected));
  }
});

describe("removedKeyBound", () => {
  const table = [
    {
      name: "is the refresh age, a refresh, and what KV lags with another refresh",
      settings: SETTINGS,
      expected: { whileRefreshing: 100 + 4 + 90 + 4, atMost: 1000 },
    },
    {
      name: "is the refresh age, a refresh, and the cooldown where that is longer",
      settings: { ...SETTINGS, cooldownSeconds: 95 },
      expected: { whileRefreshing: 100 + 4 + 95, atMost: 1000 },
    },
    {
      name: "is never more than maxStaleSeconds",
      settings: { ...SETTINGS, maxStaleSeconds: 100 },
      expected: { whileRefreshing: 100, atMost: 100 },
    },
  ];
  for (const { name, settings, expected } of table) {
    it(name, () => expect(removedKeyBound(settings)).toEqual(expected));
  }
});
