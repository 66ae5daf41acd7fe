import { describe, expect, it } from "vitest";
import { removedKeyBound } from "../../src/keys/removed-key-bound.ts";
import { SETTINGS } from "../support/keys/virtual-world.ts";

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
