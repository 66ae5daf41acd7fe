import { describe, expect, it } from "vitest";
import { freshness } from "../../src/keys/freshness.ts";
import { SETTINGS, START } from "../support/keys/virtual-world.ts";

describe("freshness", () => {
  const table = [
    { name: "a set fetched now is fresh", ageMs: 0, expected: "fresh" },
    { name: "just younger than refreshAfterSeconds is fresh", ageMs: 99_999, expected: "fresh" },
    { name: "as old as refreshAfterSeconds is stale", ageMs: 100_000, expected: "stale" },
    { name: "as old as maxStaleSeconds is stale", ageMs: 1_000_000, expected: "stale" },
    { name: "just older than maxStaleSeconds is expired", ageMs: 1_000_001, expected: "expired" },
    { name: "one millisecond from the future is expired", ageMs: -1, expected: "expired" },
    { name: "no time at all is expired", ageMs: Number.NaN, expected: "expired" },
  ];
  for (const { name, ageMs, expected } of table) {
    it(name, () => expect(freshness(START - ageMs, SETTINGS, START)).toBe(expected));
  }
});
