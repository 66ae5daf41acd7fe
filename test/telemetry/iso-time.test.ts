import { expect, it } from "vitest";
import { isoTime } from "../../src/telemetry/iso-time.ts";

const SECOND = Date.UTC(2026, 11, 31, 23, 59, 59);

it.each([
  { name: "the epoch", ms: 0 },
  { name: "the start of a second", ms: SECOND },
  { name: "one digit of milliseconds", ms: SECOND + 7 },
  { name: "two digits", ms: SECOND + 42 },
  { name: "the end of the second", ms: SECOND + 999 },
  { name: "the next year", ms: SECOND + 1000 },
  { name: "a second before, after the next", ms: SECOND - 1 },
  { name: "a time before the epoch", ms: -1 },
  { name: "the last time that has four digits for the year", ms: Date.UTC(9999, 11, 31, 23, 59, 59, 999) },
])("writes $name as the platform does", ({ ms }) => {
  expect(isoTime(ms)).toBe(new Date(ms).toISOString());
});

it("agrees with the platform over times in any order", () => {
  for (let count = 0; count < 2_000; count += 1) {
    const ms = SECOND + ((count * 7919) % 5_000) - 2_500;
    expect(isoTime(ms)).toBe(new Date(ms).toISOString());
  }
});
