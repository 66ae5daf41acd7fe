import { describe, expect, test } from "vitest";
import { loadTextParser, TAGGED_VALUE } from "../../../../src/cli/openapi/document/parse-text.ts";

const parse = await loadTextParser();

describe("a text is read as the value that it stands for", () => {
  test.each([
    { name: "JSON", input: '{ "a": [1, "x", null, true] }', expected: { a: [1, "x", null, true] } },
    { name: "JSON after a byte order mark", input: '\uFEFF{ "a": 1 }', expected: { a: 1 } },
    { name: "YAML", input: "a:\n  - 1\n  - x\n  - null\n", expected: { a: [1, "x", null] } },
    { name: "YAML in braces", input: "{ a: 1, b: [x] }", expected: { a: 1, b: ["x"] } },
    { name: "nothing", input: "", expected: null },
    { name: "names that are numbers", input: "200: a\n4.5: b\n", expected: { "200": "a", "4.5": "b" } },
    { name: "words of YAML 1.1 as strings", input: "[yes, on, NO]", expected: ["yes", "on", "NO"] },
    { name: "an alias", input: "a: &x [1]\nb: *x\n", expected: { a: [1], b: [1] } },
    { name: "the latest anchor of a name", input: "[&x 1, *x, &x 2, *x]", expected: [1, 1, 2, 2] },
    {
      name: "two merge keys",
      input: "a: { <<: { b: 1, d: 3 }, <<: { c: 2, d: 3 } }",
      expected: { a: { b: 1, d: 3, c: 2 } },
    },
    { name: "a known tag", input: "a: !!str 5\n", expected: { a: "5" } },
  ])("$name", ({ input, expected }) => {
    expect(parse(input)).toEqual({ ok: true, value: expected });
  });

  test("a member named __proto__ is a member", () => {
    const read = parse("a: 1\n__proto__: { b: 2 }\n");
    expect(read.ok && Object.keys(read.value as object)).toEqual(["a", "__proto__"]);
  });
});

describe("a merge key adds the members of other maps", () => {
  const base = "x: &x { a: 1, b: 2 }\ny: &y { b: 3, c: 4 }\n";
  test.each([
    { name: "of one map", input: "z: { <<: *x, d: 5 }", expected: { a: 1, b: 2, d: 5 } },
    { name: "of several, and the first one counts", input: "z: { <<: [*y, *x] }", expected: { a: 1, b: 3, c: 4 } },
    { name: "of a map that is written there", input: "z: { <<: { a: 7 } }", expected: { a: 7 } },
    { name: "but not where the map has its own, before it", input: "z: { b: 9, <<: *x }", expected: { a: 1, b: 9 } },
    { name: "but not where the map has its own, after it", input: "z: { <<: *x, b: 9 }", expected: { a: 1, b: 9 } },
    { name: "of a map that merges", input: "y2: &y2 { <<: *x, c: 1 }\nz: { <<: *y2 }", expected: { a: 1, b: 2, c: 1 } },
    { name: "only if it is not quoted", input: 'z: { "<<": *x }', expected: { "<<": { a: 1, b: 2 } } },
  ])("$name", ({ input, expected }) => {
    expect(parse(base + input)).toMatchObject({ ok: true, value: { z: expected } });
    const read = parse(base + input);
    expect(read.ok && (read.value as { z: object }).z).toEqual(expected);
  });
});

describe("a value with a tag is no string, no list and no object", () => {
  test.each([
    { name: "a scalar", input: "a: !Ref Pool" },
    { name: "a list", input: "a: !Join ['/', [a, b]]" },
    { name: "a map", input: "a: !Include { path: b }" },
    { name: "a date", input: "a: !!timestamp 2026-01-01" },
    { name: "an alias of one", input: "b: &b !Ref Pool\na: *b" },
  ])("$name", ({ input }) => {
    expect(parse(input)).toMatchObject({ ok: true, value: { a: TAGGED_VALUE } });
  });
});

/** Lists inside one another. */
function nested(levels: number): string {
  return "[".repeat(levels) + "]".repeat(levels);
}

test.each([`{ "a": ${nested(255)} }`, `a: ${nested(255)}`])("a text of 256 levels is read", (text) => {
  expect(parse(text).ok).toBe(true);
});

describe("a text is refused", () => {
  test.each([
    { name: "if it is neither", input: "a: [\n", expected: /^This is not YAML, at 2:1: .+\.$/ },
    { name: "if JSON has a member twice", input: '{ "a": 1, "a": 2 }', expected: /`a` appears twice/ },
    { name: "if YAML has a member twice", input: "a: 1\nb: 2\na: 3\n", expected: /`a` appears twice/ },
    { name: "if it holds several documents", input: "a: 1\n---\nb: 2\n", expected: /./ },
    { name: "if an alias names nothing", input: "a: *x\n", expected: /./ },
    { name: "if an alias comes before its anchor", input: "a: *x\nb: &x 1\n", expected: /./ },
    { name: "if an alias contains itself", input: "a: &x [*x]\n", expected: /alias `\*x`/ },
    {
      name: "if an alias contains itself, in spite of an earlier anchor of its name",
      input: "a: &x 1\nb: &x [*x]\n",
      expected: /alias `\*x`/,
    },
    {
      name: "if two merge keys disagree",
      input: "a: { <<: { b: 1 }, <<: { b: 2 } }",
      expected: /Two merge keys .+ `b`/,
    },
    { name: "if a merge key has a string", input: "a: { <<: x }", expected: /merge key/ },
    { name: "if a merge key has a list of strings", input: "a: { <<: [x] }", expected: /merge key/ },
    { name: "if a name is a list", input: "? [a]\n: b\n", expected: /name of a member/ },
    { name: "if JSON is nested too deeply", input: `{ "a": ${nested(256)} }`, expected: /at most 256 levels/ },
    { name: "if YAML is nested too deeply", input: `a: ${nested(256)}`, expected: /at most 256 levels/ },
    { name: "if JSON exhausts the stack", input: `{ "a": ${nested(100_000)} }`, expected: /at most 256 levels/ },
    {
      name: "if blocks exhaust the stack",
      input: Array.from({ length: 3_000 }, (_, at) => `${" ".repeat(at)}a:`).join("\n"),
      expected: /at most 256 levels/,
    },
    {
      name: "if aliases nest its values too deeply",
      input: Array.from({ length: 300 }, (_, at) => `x${at}: &a${at} [${at > 0 ? `*a${at - 1}` : ""}]\n`).join(""),
      expected: /at most 256 levels/,
    },
    { name: "if it is nested too deeply", input: `a: ${"[".repeat(20_000)}${"]".repeat(20_000)}`, expected: /deep/ },
  ])("$name", ({ input, expected }) => {
    expect(parse(input)).toEqual({ ok: false, failure: expect.stringMatching(expected) });
  });
});

describe("aliases are written out up to a limit", () => {
  // The map, two names, a list of two items, and the same list for the alias.
  const text = "a: &x [1, 2]\nb: *x\n";
  const values = 1 + 2 + 3 + 3;
  test.each([
    { name: "just inside", limit: values, ok: true },
    { name: "just outside", limit: values - 1, ok: false },
  ])("$name", async ({ limit, ok }) => {
    expect((await loadTextParser(limit))(text).ok).toBe(ok);
  });
});
