import { describe, expect, it } from "vitest";
import { collectionBytes, retainedBytes } from "../../src/token/retained-bytes.ts";

describe("retainedBytes", () => {
  const table: { name: string; more: unknown; less: unknown; expected: number }[] = [
    { name: "a character more is a byte more", more: "abc", less: "ab", expected: 1 },
    { name: "a character beyond Latin-1 makes all characters two bytes", more: "abя", less: "abc", expected: 3 },
    { name: "an item is a slot and what it holds", more: [1, 1], less: [1], expected: 16 },
    { name: "nothing is only a slot", more: [null, true], less: [], expected: 16 },
    { name: "a member is more with a longer name", more: { abcd: 1 }, less: { abc: 1 }, expected: 1 },
    { name: "a value inside counts", more: { a: [["x"]] }, less: { a: [[""]] }, expected: 1 },
  ];
  for (const { name, more, less, expected } of table) {
    it(name, () => expect(retainedBytes(more) - retainedBytes(less)).toBe(expected));
  }

  it("takes values that are nested more deeply than the stack", () => {
    const depth = 200_000;
    let deep: unknown = [];
    for (let level = 1; level < depth; level++) deep = [deep];
    expect(retainedBytes(deep)).toBeGreaterThan(depth * 50);
  });
});

describe("collectionBytes", () => {
  it("grows with each item", () => {
    expect(collectionBytes(500) - collectionBytes(499)).toBe(40);
  });
});
