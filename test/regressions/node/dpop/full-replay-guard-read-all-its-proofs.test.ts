/** Each proof of a full key made the Durable Object read all its proofs, so that it answered nobody else in time. */
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { FULL_REPLAY_SWEEP_SECONDS, REPLAY_CLOCK_SKEW_SECONDS } from "../../../../src/limits.ts";
import { type GuardState, ReplayGuard } from "../../../../src/token/binding/dpop/replay-guard.ts";

const NOW_MS = 1_800_000_000_000;
const AGAIN_MS = FULL_REPLAY_SWEEP_SECONDS * 1000;
const [NEW, FULL] = [201, 507];

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"], now: NOW_MS });
});
afterEach(() => {
  vi.useRealTimers();
});

/** An object with room for three proofs, two of them of one key, on a real database. */
function createGuard() {
  const database = new DatabaseSync(":memory:");
  let scans = 0;
  let alarm: number | null = null;
  const state: GuardState = {
    storage: {
      sql: {
        exec(query, ...bindings) {
          if (/^DELETE|count\(/.test(query)) scans += 1;
          return database.prepare(query).all(...bindings);
        },
      },
      getAlarm: async () => alarm,
      setAlarm: async (timeMs) => {
        alarm = timeMs;
      },
    },
  };
  const guard = new ReplayGuard(state, undefined, { proofs: 3, proofsPerKey: 2 });
  scans = 0;
  return {
    guard,
    scans: () => scans,
    /** @param inMs when the object may forget the proof */
    async add(key: string, jti: string, inMs = 3_600_000): Promise<number> {
      const body = JSON.stringify([key, jti, Date.now() + inMs - REPLAY_CLOCK_SKEW_SECONDS * 1000]);
      return (await guard.fetch(new Request("https://guard/", { method: "POST", body }))).status;
    },
  };
}

describe.each([
  { name: "key", own: "k1", other: "k1" },
  { name: "object", own: "k2", other: "k3" },
])("a full $name", ({ own, other }) => {
  async function full() {
    const created = createGuard();
    for (const [key, jti] of [["k1", "a"], ["k1", "b"], ...(own === "k1" ? [] : [["k2", "c"]])] as const) {
      expect(await created.add(String(key), String(jti))).toBe(NEW);
    }
    return created;
  }

  it("is read once for many refused proofs, and once more when it is time", async () => {
    const { add, scans } = await full();
    expect(await add(other, "first")).toBe(FULL);
    const once = scans();
    for (let index = 0; index < 200; index += 1) expect(await add(other, `n${index}`)).toBe(FULL);
    expect(scans()).toBe(once);
    vi.setSystemTime(NOW_MS + AGAIN_MS - 1);
    expect(await add(other, "just before")).toBe(FULL);
    expect(scans()).toBe(once);
    vi.setSystemTime(NOW_MS + AGAIN_MS);
    expect(await add(other, "in time")).toBe(FULL);
    expect(scans()).toBe(2 * once);
  });
});

it("takes proofs again when others have left", async () => {
  const { add } = createGuard();
  expect([await add("k1", "a", 1_000), await add("k1", "b"), await add("k1", "c")]).toEqual([NEW, NEW, FULL]);
  vi.setSystemTime(NOW_MS + AGAIN_MS - 1);
  expect(await add("k1", "c")).toBe(FULL);
  vi.setSystemTime(NOW_MS + AGAIN_MS);
  expect([await add("k1", "c"), await add("k1", "d")]).toEqual([NEW, FULL]);
});

it("takes proofs again at once when the alarm has made room", async () => {
  const { guard, add } = createGuard();
  expect([await add("k1", "a", 1_000), await add("k1", "b"), await add("k1", "c")]).toEqual([NEW, NEW, FULL]);
  vi.setSystemTime(NOW_MS + 2_000);
  await guard.alarm();
  expect(await add("k1", "c")).toBe(NEW);
});

it("knows the proofs that it has while it is full, and none that it refused", async () => {
  const { add } = createGuard();
  expect([await add("k1", "a"), await add("k1", "b"), await add("k1", "c")]).toEqual([NEW, NEW, FULL]);
  expect([await add("k1", "a"), await add("k1", "b"), await add("k1", "c")]).toEqual([409, 409, FULL]);
});
