import { describe, expect, it } from "vitest";
import { isAhead } from "../../src/keys/is-ahead.ts";

describe("isAhead", () => {
  const table = [
    { name: "a time that is just reached is past", now: 1_000, expected: false },
    { name: "a time just ahead", now: 999, expected: true },
    { name: "a time as far ahead as it can be", now: 500, expected: true },
    { name: "a time further ahead is past, because the clock was set back", now: 499, expected: false },
  ];
  for (const { name, now, expected } of table) {
    it(name, () => expect(isAhead(1_000, now, 500)).toBe(expected));
  }
});
