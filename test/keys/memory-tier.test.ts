import { beforeEach, describe, expect, it } from "vitest";
import type { FetchedKeySet } from "../../src/keys/cached-key-set.ts";
import type { VerificationKey } from "../../src/keys/jwk/verification-key.ts";
import { createKeyEventLog } from "../../src/keys/key-event-log.ts";
import { MemoryTier } from "../../src/keys/memory-tier.ts";
import { ISSUER, SETTINGS, START } from "../support/keys/virtual-world.ts";

const A: VerificationKey = { kid: "a", cryptoKeys: new Map() };
const B: VerificationKey = { kid: "b", cryptoKeys: new Map() };
const fetched = (atMs: number, ...keys: VerificationKey[]): FetchedKeySet => ({
  keys: new Map(keys.map((key) => [`text of ${key.kid}`, key])),
  skipped: [{ kid: "skipped", reason: "private" }],
  etag: undefined,
  fetchedAt: START + atMs,
});

let log: Readonly<Record<string, unknown>>[];
let memory: MemoryTier;
beforeEach(() => {
  log = [];
  const events = createKeyEventLog(ISSUER, (line) => log.push(line));
  memory = new MemoryTier(SETTINGS, events);
});

/** Stores a set just after the issuer was asked for it, or when the clock says so. */
const store = (set: FetchedKeySet, isScheduled = false, now = Math.max(set.fetchedAt, START + 10)) =>
  memory.store(set, "issuer", now, isScheduled);
const usableAt = (atMs: number) => {
  const keys = memory.usable(START + atMs);
  return keys && Array.from(keys.byKid.keys()).sort().join(" ");
};

describe("an empty memory", () => {
  it("has nothing to use, to refresh or to skip", () => {
    expect(memory.cached).toBeUndefined();
    expect(usableAt(0)).toBeUndefined();
    expect(memory.isRefreshDue(START)).toBe(false);
    expect(memory.isSkipped("skipped")).toBe(false);
  });
});

describe("the keys in memory", () => {
  beforeEach(() => {
    store(fetched(0, A));
  });

  const table = [
    { name: "are usable at once, and no refresh is due", atMs: 0, usable: "a", isDue: false },
    { name: "are not due for a refresh while they are fresh", atMs: 99_999, usable: "a", isDue: false },
    { name: "are due when they become stale", atMs: 100_000, usable: "a", isDue: true },
    { name: "are usable until they expire", atMs: 1_000_000, usable: "a", isDue: true },
    { name: "are not usable after that", atMs: 1_000_001, usable: undefined, isDue: true },
    { name: "are not usable when they are from the future", atMs: -1, usable: undefined, isDue: false },
  ];
  for (const { name, atMs, usable, isDue } of table) {
    it(name, () => {
      expect(usableAt(atMs)).toBe(usable);
      expect(memory.isRefreshDue(START + atMs)).toBe(isDue);
    });
  }

  it("lose a retained key when it expires, and only then", () => {
    store(fetched(10_000, B));
    expect(usableAt(129_999 - 20_000)).toBe("a b");
    expect(usableAt(129_999)).toBe("a b");
    expect(usableAt(130_000)).toBe("b");
  });

  it("tell the kids that were skipped from those that are unknown", () => {
    expect(memory.isSkipped("skipped")).toBe(true);
    expect(memory.isSkipped("a")).toBe(false);
    expect(memory.isSkipped("unknown")).toBe(false);
  });
});

describe("storing", () => {
  it("refuses the answer to an earlier request, and takes one of the same time", () => {
    expect(store(fetched(10, A))).toBe(true);
    expect(store(fetched(9, B))).toBe(false);
    expect(usableAt(10)).toBe("a");
    expect(store(fetched(10, A, B))).toBe(true);
    expect(usableAt(10)).toBe("a b");
  });

  const clocks = [
    { name: "refuses the answer to an earlier request just when the cached one was asked", nowMs: 10, usable: "a" },
    { name: "replaces keys from the future, and retains none of them", nowMs: 9, usable: "b" },
  ];
  for (const { name, nowMs, usable } of clocks) {
    it(name, () => {
      store(fetched(10, A));
      expect(store(fetched(5, B), false, START + nowMs)).toBe(usable === "b");
      expect(memory.fetchedAt(START + 10)).toBe(START + (usable === "b" ? 5 : 10));
      expect(usableAt(10)).toBe(usable);
    });
  }

  it("tells when the keys were fetched, unless there are none or they are from the future", () => {
    expect(memory.fetchedAt(START)).toBe(Number.NEGATIVE_INFINITY);
    store(fetched(10, A));
    expect(memory.fetchedAt(START + 10)).toBe(START + 10);
    expect(memory.fetchedAt(START + 9)).toBe(Number.NEGATIVE_INFINITY);
  });

  it("logs the first keys and every change, but not what is unchanged or refused", () => {
    const changes = () => log.splice(0).map(({ change, source, keys }) => `${change} ${source} ${keys}`);
    store(fetched(0, A));
    expect(changes()).toEqual(["refreshed issuer 1"]);
    store(fetched(1, A));
    store(fetched(0, B));
    expect(changes()).toEqual([]);
    store(fetched(2, A, B));
    expect(changes()).toEqual(["refreshed issuer 2"]);
    store(fetched(3, B), true);
    expect(changes()).toEqual(["refreshed issuer 1"]);
  });

  it("retains a missing key for an unscheduled answer and drops it for a scheduled one", () => {
    store(fetched(0, A));
    store(fetched(10, B));
    expect(usableAt(10)).toBe("a b");
    store(fetched(20, B), true);
    expect(usableAt(20)).toBe("b");
  });
});
