import { describe, expect, it } from "vitest";
import { chosenDay } from "../../../src/cli/args/day-option.ts";
import { UsageError } from "../../../src/cli/args/exit-code.ts";

const NOW = Date.UTC(2026, 10, 28, 23, 59, 59, 999);

describe("--on", () => {
  it("is today in UTC if it is left out", () => {
    expect(chosenDay(undefined, NOW)).toBe("2026-11-28");
    expect(chosenDay(undefined, NOW + 1)).toBe("2026-11-29");
  });

  it("takes a day", () => {
    expect(chosenDay("2027-02-01", NOW)).toBe("2027-02-01");
  });

  it.each(["2027-02-30", "tomorrow", "", "2027-02-01T00:00:00Z"])("refuses %j", (text) => {
    expect(() => chosenDay(text, NOW)).toThrow(UsageError);
  });
});
