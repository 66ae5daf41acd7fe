import { describe, expect, it } from "vitest";
import { MethodLists, NO_METHODS } from "../../../../src/policy/analysis/diff/method-lists.ts";

describe("MethodLists", () => {
  it("adds a method at the end of a list, unless the list has it", () => {
    const lists = new MethodLists();
    const both = lists.with(lists.with(NO_METHODS, "GET"), "HEAD");
    expect(both).toEqual(["GET", "HEAD"]);
    expect(lists.with(both, "GET")).toBe(both);
  });

  it("leaves the list as it was", () => {
    const lists = new MethodLists();
    const one = lists.with(NO_METHODS, "GET");
    lists.with(one, "POST");
    expect(one).toEqual(["GET"]);
    expect(NO_METHODS).toEqual([]);
  });

  it("returns one object for lists that grew alike, and keeps their order otherwise", () => {
    const lists = new MethodLists();
    const grown = (...methods: readonly string[]) => methods.reduce((list, it) => lists.with(list, it), NO_METHODS);
    expect(grown("GET", "HEAD")).toBe(grown("GET", "HEAD"));
    expect(grown("HEAD", "GET")).toEqual(["HEAD", "GET"]);
  });
});
