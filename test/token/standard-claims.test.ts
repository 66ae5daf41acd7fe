import { describe, expect, it } from "vitest";
import { audienceOf, clientOf, isFilledString, isFiniteNumber } from "../../src/token/standard-claims.ts";

describe("clientOf", () => {
  it.each([
    { name: "prefers client_id", input: { client_id: "a", azp: "b", cid: "c", appid: "d" }, expected: "a" },
    { name: "then takes azp", input: { azp: "b", cid: "c", appid: "d" }, expected: "b" },
    { name: "then takes cid", input: { cid: "c", appid: "d" }, expected: "c" },
    { name: "then takes appid", input: { appid: "d" }, expected: "d" },
    { name: "passes over one of the wrong type", input: { client_id: 1, azp: "b" }, expected: "b" },
    { name: "passes over an empty one", input: { client_id: "", azp: "b" }, expected: "b" },
    { name: "finds none", input: { sub: "user" }, expected: undefined },
  ])("$name", ({ input, expected }) => {
    expect(clientOf(input)).toBe(expected);
  });
});

describe("audienceOf", () => {
  it.each([
    { name: "makes a list of one", input: "api", expected: ["api"] },
    { name: "takes a list", input: ["a", "b"], expected: ["a", "b"] },
    { name: "takes an empty list for none", input: [], expected: undefined },
    { name: "takes a list with an empty string for none", input: ["a", ""], expected: undefined },
    { name: "takes a number for none", input: 1, expected: undefined },
  ])("$name", ({ input, expected }) => {
    expect(audienceOf({ aud: input })).toEqual(expected);
  });
});

describe("isFilledString", () => {
  it.each([
    { value: "a", expected: true },
    { value: " ", expected: true },
    { value: "", expected: false },
    { value: undefined, expected: false },
    { value: null, expected: false },
    { value: 1, expected: false },
    { value: ["a"], expected: false },
  ])("answers $value with $expected", ({ value, expected }) => {
    expect(isFilledString(value)).toBe(expected);
  });
});

describe("isFiniteNumber", () => {
  it.each([
    { value: 0, expected: true },
    { value: -1.5, expected: true },
    { value: Number.MAX_VALUE, expected: true },
    { value: Number.POSITIVE_INFINITY, expected: false },
    { value: Number.NaN, expected: false },
    { value: "1", expected: false },
    { value: undefined, expected: false },
  ])("answers $value with $expected", ({ value, expected }) => {
    expect(isFiniteNumber(value)).toBe(expected);
  });
});
