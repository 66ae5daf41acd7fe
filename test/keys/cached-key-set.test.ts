import { describe, expect, it } from "vitest";
import {
  type CachedKeySet,
  cacheKeySet,
  type FetchedKeySet,
  knownKeys,
  mergeRefresh,
  withoutExpired,
} from "../../src/keys/cached-key-set.ts";
import type { VerificationKey } from "../../src/keys/jwk/verification-key.ts";
import { MAX_RETAINED_KEYS, MAX_SKIPPED_KIDS } from "../../src/limits.ts";
import { SETTINGS, START } from "../support/keys/virtual-world.ts";

const keyOf = (kid: string): VerificationKey => ({ kid, cryptoKeys: new Map() });
const A = keyOf("a");
const B = keyOf("b");
const fetched = (atMs: number, ...keys: VerificationKey[]): FetchedKeySet => ({
  keys: new Map(keys.map((key) => [`text of ${key.kid}`, key])),
  skipped: [],
  etag: undefined,
  fetchedAt: START + atMs,
});
const kidsAt = (cached: CachedKeySet, atMs: number) =>
  Array.from(withoutExpired(cached, SETTINGS, START + atMs).set.byKid.keys()).sort();

describe("a cached key set", () => {
  it("has nothing to do until a refresh is due", () => {
    expect(cacheKeySet(fetched(0, A), SETTINGS).nothingDueBefore).toBe(START + 100_000);
  });

  it("remembers the kids of keys that cannot be used, but none of a key without one", () => {
    const skipped = [
      { kid: "x", reason: "use-not-sig" as const },
      { kid: undefined, reason: "kid-missing" as const },
    ];
    expect(cacheKeySet({ ...fetched(0, A), skipped }, SETTINGS).skippedKids).toEqual(new Set(["x"]));
  });

  it("remembers at most so many of them", () => {
    const skipped = Array.from({ length: MAX_SKIPPED_KIDS + 1 }, (_, index) => ({
      kid: `bad-${index}`,
      reason: "private" as const,
    }));
    const { skippedKids } = cacheKeySet({ ...fetched(0, A), skipped }, SETTINGS);
    expect(skippedKids.has(`bad-${MAX_SKIPPED_KIDS - 1}`)).toBe(true);
    expect(skippedKids.has(`bad-${MAX_SKIPPED_KIDS}`)).toBe(false);
  });

  it("has the skipped kids of the latest answer only, and keeps them when a retained key expires", () => {
    const skipped = (kid: string) => [{ kid, reason: "private" as const }];
    const first = cacheKeySet({ ...fetched(0, A), skipped: skipped("x") }, SETTINGS);
    const second = mergeRefresh(first, { ...fetched(10_000, B), skipped: skipped("y") }, SETTINGS, START + 10_000);
    expect(second.skippedKids).toEqual(new Set(["y"]));
    const later = withoutExpired(second, SETTINGS, START + 130_000);
    expect(later).not.toBe(second);
    expect(later.skippedKids).toEqual(new Set(["y"]));
  });

  it("keeps its entity tag and that the issuer alternates when a retained key expires", () => {
    const first = mergeRefresh(cacheKeySet(fetched(0, A), SETTINGS), fetched(10_000, B), SETTINGS, START + 10_000);
    const back = mergeRefresh(first, { ...fetched(20_000, A), etag: '"1"' }, SETTINGS, START + 20_000);
    const later = withoutExpired(back, SETTINGS, START + 140_000);
    expect(later).not.toBe(back);
    expect(later).toMatchObject({ etag: '"1"', isAlternating: true, refreshAt: START + 120_000 });
  });

  it("files keys that share a kid together", () => {
    const twin = keyOf("a");
    const { keys } = fetched(0, A);
    const { set } = cacheKeySet({ ...fetched(0), keys: new Map([...keys, ["other text", twin]]) }, SETTINGS);
    expect(set.byKid.get("a")).toEqual([A, twin]);
    expect(set.all.size).toBe(2);
  });

  it("a key that an early answer lacks counts until its own refresh is due, and one cooldown for that to happen", () => {
    const held = mergeRefresh(cacheKeySet(fetched(0, A), SETTINGS), fetched(10_000, B), SETTINGS, START + 10_000);
    expect([held.refreshAt, held.nothingDueBefore]).toEqual([START + 100_000, START + 100_000]);
    expect(kidsAt(held, 129_999)).toEqual(["a", "b"]);
    expect(kidsAt(held, 130_000)).toEqual(["b"]);
  });

  it("an answer that was due drops the keys that it lacks at once, retained or not", () => {
    const before = cacheKeySet(fetched(0, A), SETTINGS);
    expect(kidsAt(mergeRefresh(before, fetched(99_999, B), SETTINGS, START + 99_999), 99_999)).toEqual(["a", "b"]);
    expect(kidsAt(mergeRefresh(before, fetched(100_000, B), SETTINGS, START + 100_000), 100_000)).toEqual(["b"]);
    const retaining = mergeRefresh(before, fetched(10_000, B), SETTINGS, START + 10_000);
    const held = mergeRefresh(retaining, fetched(100_000, B), SETTINGS, START + 100_000);
    expect(kidsAt(held, 100_000)).toEqual(["b"]);
    expect(held.refreshAt).toBe(START + 200_000);
  });

  it("further answers that lack it do not prolong its time", () => {
    const first = mergeRefresh(cacheKeySet(fetched(0, A), SETTINGS), fetched(10_000, B), SETTINGS, START + 10_000);
    const second = mergeRefresh(first, fetched(90_000, B), SETTINGS, START + 90_000);
    expect(kidsAt(second, 129_999)).toEqual(["a", "b"]);
    expect(kidsAt(second, 130_000)).toEqual(["b"]);
  });

  it("an answer that has it again makes it an ordinary key, the same object", () => {
    const first = mergeRefresh(cacheKeySet(fetched(0, A), SETTINGS), fetched(10_000, B), SETTINGS, START + 10_000);
    const known = knownKeys(first).get("text of a") ?? keyOf("lost");
    const second = mergeRefresh(first, fetched(20_000, known), SETTINGS, START + 20_000);
    expect(second.set.byKid.get("a")?.[0]).toBe(A);
    expect(kidsAt(second, 139_999)).toEqual(["a", "b"]);
    expect(kidsAt(second, 140_000)).toEqual(["a"]);
  });

  it("a cron trigger's answer drops the keys that it lacks at once, retained or not", () => {
    const before = cacheKeySet(fetched(0, A), SETTINGS);
    expect(kidsAt(mergeRefresh(before, fetched(10_000, B), SETTINGS, START + 10_000, true), 10_000)).toEqual(["b"]);
    const retaining = mergeRefresh(before, fetched(10_000, B), SETTINGS, START + 10_000);
    expect(kidsAt(mergeRefresh(retaining, fetched(20_000, B), SETTINGS, START + 20_000, true), 20_000)).toEqual(["b"]);
  });

  it("once a missed key has come back, a cron trigger's answer is one among several", () => {
    const missed = mergeRefresh(cacheKeySet(fetched(0, A), SETTINGS), fetched(10_000, B), SETTINGS, START + 10_000);
    const back = mergeRefresh(missed, fetched(20_000, A), SETTINGS, START + 20_000, true);
    expect(kidsAt(back, 20_000)).toEqual(["a", "b"]);
    const again = mergeRefresh(back, fetched(30_000, B), SETTINGS, START + 30_000, true);
    expect(kidsAt(again, 30_000)).toEqual(["a", "b"]);
  });

  it("an issuer that was seen to alternate counts as alternating when nothing is retained any longer", () => {
    const missed = mergeRefresh(cacheKeySet(fetched(0, A), SETTINGS), fetched(10_000, B), SETTINGS, START + 10_000);
    const back = mergeRefresh(missed, fetched(20_000, A), SETTINGS, START + 20_000);
    const renewed = mergeRefresh(back, fetched(140_000, A), SETTINGS, START + 140_000);
    expect(renewed.retained.size).toBe(0);
    const scheduled = mergeRefresh(renewed, fetched(150_000, B), SETTINGS, START + 150_000, true);
    expect(kidsAt(scheduled, 150_000)).toEqual(["a", "b"]);
  });

  it("a limited number of keys is retained, and those that went missing first go first", () => {
    const many = Array.from({ length: MAX_RETAINED_KEYS }, (_, index) => keyOf(`many-${index}`));
    const first = mergeRefresh(cacheKeySet(fetched(0, A), SETTINGS), fetched(1_000, ...many), SETTINGS, START + 1_000);
    expect(first.set.all.size).toBe(MAX_RETAINED_KEYS + 1);
    const second = mergeRefresh(first, fetched(2_000, B), SETTINGS, START + 2_000);
    expect(second.retained.size).toBe(MAX_RETAINED_KEYS);
    expect(second.set.byKid.has("a")).toBe(false);
    expect(second.set.byKid.has("many-0")).toBe(true);
  });

  it("a retained key does not outlive the bound of the set it was in", () => {
    const settings = { ...SETTINGS, maxStaleSeconds: 110 };
    const held = mergeRefresh(cacheKeySet(fetched(0, A), settings), fetched(90_000, B), settings, START + 90_000);
    expect(kidsAt(held, 109_999)).toEqual(["a", "b"]);
    expect(kidsAt(held, 110_000)).toEqual(["b"]);
  });
});
