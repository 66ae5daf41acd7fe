import { describe, expect, it } from "vitest";
import { readEach, readMembers } from "../../../src/cli/cognito/read-each.ts";
import { failure, type Result, success } from "../../../src/result.ts";

const READ: string[] = [];
const double = (value: unknown): Result<unknown, string> => {
  READ.push(String(value));
  return typeof value === "number" ? success(value * 2) : failure(`\`${value}\` is not a number.`);
};

describe("readEach", () => {
  it.each([
    { name: "reads nothing of no values", values: [], expected: success([]) },
    { name: "keeps the order", values: [3, 1, 2], expected: success([6, 2, 4]) },
    { name: "returns the first failure", values: [1, "x", "y"], expected: failure("`x` is not a number.") },
  ])("$name", ({ values, expected }) => {
    expect(readEach(values, double)).toEqual(expected);
  });

  it("reads nothing after a failure", () => {
    READ.length = 0;
    readEach([1, "x", 2], double);
    expect(READ).toEqual(["1", "x"]);
  });
});

describe("readMembers", () => {
  it.each([
    { name: "keeps the names", object: { b: 1, a: 2 }, expected: success({ b: 2, a: 4 }) },
    { name: "keeps a name that objects inherit", object: JSON.parse('{"__proto__":1}'), own: ["__proto__"] },
    { name: "returns the first failure", object: { b: "x", a: 2 }, expected: failure("`x` is not a number.") },
  ])("$name", ({ object, expected, own }) => {
    const read = readMembers(object, double);
    if (expected) expect(read).toEqual(expected);
    else expect(read.ok && Object.keys(read.value)).toEqual(own);
  });
});
