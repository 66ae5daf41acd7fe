import { describe, expect, it } from "vitest";
import { dayOf, enforcedFrom, isDay, isReporting, reportUntil } from "../../../src/policy/settings/report-only.ts";

describe("a day", () => {
  it.each([
    { text: "2027-01-31", expected: true },
    { text: "2028-02-29", expected: true },
    { text: "2027-02-29", expected: false },
    { text: "2027-02-31", expected: false },
    { text: "2027-04-31", expected: false },
    { text: "2027-13-01", expected: false },
    { text: "2027-00-10", expected: false },
    { text: "2027-01-00", expected: false },
    { text: "2027-1-31", expected: false },
    { text: "27-01-31", expected: false },
    { text: "2027-01-31T00:00:00Z", expected: false },
    { text: " 2027-01-31", expected: false },
    { text: "+12027-01-31", expected: false },
    { text: "31.01.2027", expected: false },
    { text: "2027-01-31\n", expected: false },
    { text: "", expected: false },
  ])("$text: $expected", ({ text, expected }) => {
    expect(isDay(text)).toBe(expected);
  });
});

describe("a report", () => {
  const report = reportUntil("2027-02-28");

  it("ends with its last day in UTC", () => {
    expect(report).toEqual({ until: "2027-02-28", endsAt: Date.UTC(2027, 2, 1) });
    expect(enforcedFrom(report)).toBe("2027-03-01");
  });

  it.each([
    { name: "long before", nowMs: 0, expected: true },
    { name: "in its last millisecond", nowMs: Date.UTC(2027, 2, 1) - 1, expected: true },
    { name: "in the first after it", nowMs: Date.UTC(2027, 2, 1), expected: false },
    { name: "at no time at all", nowMs: Number.NaN, expected: false },
  ])("is in force $name: $expected", ({ nowMs, expected }) => {
    expect(isReporting(report, nowMs)).toBe(expected);
  });

  it("is never in force if its end is missing, or if there is none", () => {
    expect(isReporting({ until: "2027-02-28", endsAt: Number.NaN }, 0)).toBe(false);
    expect(isReporting(undefined, 0)).toBe(false);
  });

  it("may end with the last year that has four digits", () => {
    expect(isDay("9999-12-31")).toBe(true);
    expect(enforcedFrom(reportUntil("9999-12-31"))).toBe("+010000-01-01");
  });

  it("knows the day of a moment", () => {
    expect(dayOf(Date.UTC(2027, 1, 28, 23, 59, 59, 999))).toBe("2027-02-28");
    expect(dayOf(Date.UTC(2027, 2, 1))).toBe("2027-03-01");
  });
});
