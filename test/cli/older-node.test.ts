import { afterEach, describe, expect, it, vi } from "vitest";

/** What the module puts in for a function that Node lacks. */
async function standIn<Owner extends object, Name extends keyof Owner>(owner: Owner, name: Name): Promise<Owner[Name]> {
  const native = Object.getOwnPropertyDescriptor(owner, name);
  Reflect.deleteProperty(owner, name);
  try {
    vi.resetModules();
    await import("../../src/cli/older-node.ts");
    return owner[name];
  } finally {
    Object.defineProperty(owner, name, native ?? {});
  }
}

afterEach(() => vi.resetModules());

describe("where Node lacks it", () => {
  it("Map.groupBy keeps the order of keys and of items", async () => {
    const groupBy = await standIn(Map, "groupBy");
    const odd = (item: number): boolean => item % 2 === 1;
    expect(groupBy).not.toBe(Map.groupBy);
    for (const items of [[], [1], [1, 2, 3, 4], [2, 2, 1]])
      expect([...groupBy(items, odd)]).toEqual([...Map.groupBy(items, odd)]);
  });

  it.each([
    ["https://example.com/a?b", undefined],
    ["a", "https://example.com"],
    ["a", undefined],
    ["https://", undefined],
  ])("URL.parse reads %s under %s as the real one does", async (url, base) => {
    const parse = await standIn(URL, "parse");
    expect(parse).not.toBe(URL.parse);
    expect(parse(url, base)?.href).toBe(URL.parse(url, base)?.href);
  });

  it.each([
    { a: [], b: [], isSubset: true, difference: [] },
    { a: [1], b: [1, 2], isSubset: true, difference: [] },
    { a: [1, 3], b: [1, 2], isSubset: false, difference: [3] },
  ])("sets $a and $b compare", async ({ a, b, isSubset, difference }) => {
    const isSubsetOf = await standIn(Set.prototype, "isSubsetOf");
    const differenceOf = await standIn(Set.prototype, "difference");
    expect(isSubsetOf.call(new Set(a), new Set(b))).toBe(isSubset);
    expect([...differenceOf.call(new Set(a), new Set(b))]).toEqual(difference);
  });
});
