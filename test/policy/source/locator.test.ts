import { expect, it } from "vitest";
import { createLocator } from "../../../src/policy/source/locator.ts";

const TEXT = `{
  "name": "a \\" { [ b",
  "list": [1, {"deep": true}, [2, 3]],
  "empty": {},
  "é😀": null
}`;

it.each([
  { name: "the file as a whole is where it begins", path: [], expected: "1:1" },
  { name: "a member is where its name is", path: ["name"], expected: "2:3" },
  { name: "brackets inside a string are text", path: ["list"], expected: "3:3" },
  { name: "an item is where it begins", path: ["list", 0], expected: "3:12" },
  { name: "a member of an item", path: ["list", 1, "deep"], expected: "3:16" },
  { name: "an item of an item", path: ["list", 2, 1], expected: "3:35" },
  { name: "what is missing is at what should hold it", path: ["empty", "missing", 3], expected: "4:3" },
  { name: "what is missing in an item is at the item", path: ["list", 1, "other"], expected: "3:15" },
  { name: "a name beyond ASCII", path: ["é😀"], expected: "5:3" },
  { name: "an item beyond the end is at the array", path: ["list", 9], expected: "3:3" },
])("$name", ({ path, expected }) => {
  const { line, column } = createLocator(TEXT)(path);
  expect(`${line}:${column}`).toBe(expected);
});

it("takes a text that is nested more deeply than the stack is deep", () => {
  const depth = 100_000;
  const text = `${"[".repeat(depth)}${"]".repeat(depth)}`;
  expect(createLocator(text)(Array.from({ length: depth - 1 }, () => 0))).toEqual({ line: 1, column: depth });
});

it("counts a carriage return to the line that it ends", () => {
  expect(createLocator('{\r\n"a": 1\r\n}')(["a"])).toEqual({ line: 2, column: 1 });
});
