import { describe, expect, it } from "vitest";
import { isUnderWay } from "../../src/keys/single-flight.ts";

describe("a look for keys", () => {
  it.each([
    { name: "that nobody began is not under way", flight: undefined, expected: false },
    { name: "is under way before its deadline", flight: { deadline: 11, landed: false }, expected: true },
    { name: "is given up at its deadline", flight: { deadline: 10, landed: false }, expected: false },
    { name: "that has landed is over", flight: { deadline: 11, landed: true }, expected: false },
  ])("$name", ({ flight, expected }) => {
    expect(isUnderWay(flight, 10)).toBe(expected);
  });
});
