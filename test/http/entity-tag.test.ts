import { describe, expect, it } from "vitest";
import { isEntityTag } from "../../src/http/entity-tag.ts";
import { MAX_ENTITY_TAG_LENGTH } from "../../src/limits.ts";

const sized = (length: number) => `"${"x".repeat(length - 2)}"`;

describe("an entity tag", () => {
  const table = [
    { name: "is a quoted text", input: '"1"', expected: true },
    { name: "may be empty", input: '""', expected: true },
    { name: "may be weak", input: 'W/"1"', expected: true },
    { name: "has the longest length", input: sized(MAX_ENTITY_TAG_LENGTH), expected: true },
    { name: "is no longer than that", input: sized(MAX_ENTITY_TAG_LENGTH + 1), expected: false },
    { name: "has no quote inside", input: '"1"2"', expected: false },
    { name: "has no space", input: '"1 2"', expected: false },
    { name: "has no line break, which would end a header", input: '"1\r\nx: y"', expected: false },
    { name: "has nothing in front", input: 'x"1"', expected: false },
    { name: "has nothing behind", input: '"1"x', expected: false },
    { name: "has no lower-case w", input: 'w/"1"', expected: false },
    { name: "is a text", input: 1, expected: false },
    { name: "is there", input: null, expected: false },
  ];
  for (const { name, input, expected } of table) {
    it(name, () => expect(isEntityTag(input)).toBe(expected));
  }
});
