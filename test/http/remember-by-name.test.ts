import { describe, expect, it, vi } from "vitest";
import { rememberByName } from "../../src/http/remember-by-name.ts";
import { MAX_REMEMBERED_HEADER_NAME_LENGTH, MAX_REMEMBERED_HEADER_NAMES } from "../../src/limits.ts";

describe("rememberByName", () => {
  it.each([{ value: true }, { value: false }, { value: undefined }, { value: "x" }])(
    "looks a name up once: $value",
    ({ value }) => {
      const lookup = vi.fn(() => value);
      const remembering = rememberByName(lookup);
      expect([remembering("a"), remembering("a")]).toEqual([value, value]);
      expect(lookup).toHaveBeenCalledExactlyOnceWith("a");
    },
  );

  it.each([
    { name: "remembers the longest name", length: MAX_REMEMBERED_HEADER_NAME_LENGTH, calls: 1 },
    { name: "looks a longer name up each time", length: MAX_REMEMBERED_HEADER_NAME_LENGTH + 1, calls: 2 },
  ])("$name", ({ length, calls }) => {
    const lookup = vi.fn(() => true);
    const remembering = rememberByName(lookup);
    for (let count = 0; count < 2; count++) remembering("x".repeat(length));
    expect(lookup).toHaveBeenCalledTimes(calls);
  });

  it("remembers no more names than it may", () => {
    const lookup = vi.fn((name: string) => name);
    const remembering = rememberByName(lookup);
    const names = Array.from({ length: MAX_REMEMBERED_HEADER_NAMES + 1 }, (_, at) => `x-${at}`);
    for (let round = 0; round < 2; round++) expect(names.map(remembering)).toEqual(names);
    expect(lookup).toHaveBeenCalledTimes(names.length + 1);
  });
});
