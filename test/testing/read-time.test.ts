import { describe, expect, it } from "vitest";
import { readTime } from "../../src/testing/read-time.ts";

describe("a time is read", () => {
  it.each([
    { name: "in UTC", input: "2026-01-31T12:00:00Z", expected: Date.UTC(2026, 0, 31, 12) },
    { name: "with an offset", input: "2026-01-31T12:00:00+01:00", expected: Date.UTC(2026, 0, 31, 11) },
    { name: "on a leap day", input: "2028-02-29T12:00:00Z", expected: Date.UTC(2028, 1, 29, 12) },
    { name: "with a fraction", input: "2026-01-31T12:00:00.5Z", expected: Date.UTC(2026, 0, 31, 12) + 500 },
    { name: "in milliseconds", input: 1_769_860_800_000, expected: 1_769_860_800_000 },
    { name: "at the first number that counts as milliseconds", input: 100_000_000_000, expected: 100_000_000_000 },
  ])("$name", ({ input, expected }) => {
    expect(readTime(input)).toEqual({ ok: true, value: expected });
  });
});

describe("a time is refused", () => {
  it.each([
    { name: "in seconds", input: 1_769_860_800 },
    { name: "below the first number that counts as milliseconds", input: 99_999_999_999 },
    { name: "that is no number", input: Number.NaN },
    { name: "without an end", input: Number.POSITIVE_INFINITY },
    { name: "without a zone, which each machine would read in its own", input: "2026-01-31T12:00:00" },
    { name: "without a time of day", input: "2026-01-31" },
    { name: "that no calendar has", input: "2026-13-31T12:00:00Z" },
    { name: "on a day that its month has not", input: "2026-02-30T12:00:00Z" },
    { name: "on a leap day of a year without one", input: "2027-02-29T12:00:00+01:00" },
    { name: "on day 0", input: "2026-03-00T12:00:00Z" },
    { name: "in words", input: "now" },
  ])("$name", ({ input }) => {
    expect(readTime(input)).toMatchObject({ ok: false });
  });
});
