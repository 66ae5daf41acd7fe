import { describe, expect, it } from "vitest";
import { isWorthWriting, type SeenRecord } from "../../src/keys/kv-tier.ts";
import { SETTINGS, START } from "../support/keys/virtual-world.ts";

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
    { name: "the same keys of just now are not written", input: seen(0, "a", "b"), expected: false },
    { name: "the same keys from the future are written", input: seen(-1, "a", "b"), expected: true },
    { name: "another key is written at once", input: seen(0, "a", "c"), expected: true },
    { name: "one key more is written at once", input: seen(0, "a"), expected: true },
    { name: "one key fewer is written at once", input: seen(0, "a", "b", "c"), expected: true },
  ];
  for (const { name, input, expected } of table) {
    it(name, () => expect(isWorthWriting(keys, input, SETTINGS, START)).toBe(expected));
  }
});
