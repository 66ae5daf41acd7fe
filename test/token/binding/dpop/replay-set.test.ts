import { describe, expect, it } from "vitest";
import { ReplaySet } from "../../../../src/token/binding/dpop/replay-set.ts";

describe("ReplaySet", () => {
  it("knows a proof until its last millisecond", () => {
    const set = new ReplaySet();
    expect(set.add("key", "a", 1_000, 0)).toBe(true);
    expect(set.add("key", "a", 1_000, 1_000)).toBe(false);
    expect(set.add("key", "a", 2_000, 1_001)).toBe(true);
    expect(set.add("key", "a", 2_000, 1_002)).toBe(false);
  });

  it("keeps the ids of two keys apart", () => {
    const set = new ReplaySet();
    expect(set.add("one", "a", 1_000, 0)).toBe(true);
    expect(set.add("two", "a", 1_000, 0)).toBe(true);
    expect(set.add("one", "b", 1_000, 0)).toBe(true);
    expect(set.size).toBe(3);
  });

  it("drops the oldest proof when it is full, and no other", () => {
    const set = new ReplaySet(2);
    for (const jti of ["a", "b", "c"]) set.add("key", jti, 1_000, 0);
    expect(set.size).toBe(2);
    expect(set.add("key", "b", 1_000, 0)).toBe(false);
    expect(set.add("key", "c", 1_000, 0)).toBe(false);
    expect(set.add("key", "a", 1_000, 0)).toBe(true);
  });

  it("drops what is out of time as new proofs arrive", () => {
    const set = new ReplaySet();
    for (let index = 0; index < 100; index += 1) set.add("key", `${index}`, 1_000, 0);
    set.add("key", "new", 3_000, 2_000);
    expect(set.size).toBe(1);
  });

  it("is never larger than its capacity", () => {
    const set = new ReplaySet(10);
    for (let index = 0; index < 1_000; index += 1) {
      set.add("key", `${index}`, 1_000_000, index);
      expect(set.size).toBeLessThanOrEqual(10);
    }
  });
});
