import { describe, expect, it } from "vitest";
import { isObject } from "../../src/json/json-object.ts";

describe("isObject", () => {
  it.each([
    { name: "takes an object", input: {}, expected: true },
    { name: "takes no null", input: null, expected: false },
    { name: "takes no array", input: [], expected: false },
    { name: "takes no text", input: "{}", expected: false },
  ])("$name", ({ input, expected }) => {
    expect(isObject(input)).toBe(expected);
  });
});
