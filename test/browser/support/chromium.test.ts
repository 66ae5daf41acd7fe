import { describe, expect, it } from "vitest";
import { findChromium } from "./chromium.ts";

const HERE = import.meta.filename;
const NOWHERE = `${HERE}.missing`;

describe("the Chromium to test with", () => {
  it.each([
    { name: "the usual one", named: undefined, usual: HERE, expected: HERE },
    { name: "the one that the variable names", named: HERE, usual: NOWHERE, expected: HERE },
    { name: "none, where there is none", named: undefined, usual: NOWHERE, expected: undefined },
    { name: "the usual one, where the variable is empty", named: "", usual: HERE, expected: HERE },
  ])("is $name", ({ named, usual, expected }) => {
    expect(findChromium(named, usual)).toBe(expected);
  });

  it("must be there if the variable names it", () => {
    expect(() => findChromium(NOWHERE, HERE)).toThrow(/CHROMIUM_PATH names .*missing, and there is no such file/);
  });
});
