import { describe, expect, it } from "vitest";
import { formatDuration, formatMilliseconds, formatTime } from "../../../../src/cli/console/keys/format-times.ts";

describe("formatDuration", () => {
  it.each([
    { seconds: -1, expected: "0 s" },
    { seconds: 0.9, expected: "0 s" },
    { seconds: 59, expected: "59 s" },
    { seconds: 60, expected: "1 min" },
    { seconds: 61, expected: "1 min 1 s" },
    { seconds: 3_599, expected: "59 min 59 s" },
    { seconds: 3_600, expected: "1 h" },
    { seconds: 3_661, expected: "1 h 1 min" },
    { seconds: 86_399, expected: "23 h 59 min" },
    { seconds: 86_400, expected: "1 d" },
  ])("writes $seconds s as $expected", ({ seconds, expected }) => {
    expect(formatDuration(seconds)).toBe(expected);
  });
});

describe("formatMilliseconds", () => {
  it.each([
    { durationMs: 1, expected: "0.001 s" },
    { durationMs: 2_500, expected: "2.5 s" },
    { durationMs: 3_000, expected: "3 s" },
    { durationMs: 59_999, expected: "59.999 s" },
    { durationMs: 60_000, expected: "1 min" },
    { durationMs: 600_000, expected: "10 min" },
  ])("writes $durationMs ms as $expected", ({ durationMs, expected }) => {
    expect(formatMilliseconds(durationMs)).toBe(expected);
  });
});

describe("formatTime", () => {
  const NOW = Date.UTC(2026, 10, 28, 15);

  it.each([
    { name: "of today without the day", at: Date.UTC(2026, 10, 28, 23, 59, 59, 999), expected: "23:59:59" },
    { name: "of tomorrow with it", at: Date.UTC(2026, 10, 29), expected: "2026-11-29 00:00:00" },
    { name: "of yesterday with it", at: Date.UTC(2026, 10, 27, 23, 59, 59), expected: "2026-11-27 23:59:59" },
  ])("writes a time $name", ({ at, expected }) => {
    expect(formatTime(at, NOW)).toBe(expected);
  });
});
