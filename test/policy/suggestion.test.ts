import { describe, expect, it, test } from "vitest";
import { closest, nameHint } from "../../src/policy/suggestion.ts";

test.each([
  { name: "a missing letter", input: "upstrem", expected: "upstream" },
  { name: "another case", input: "UPSTREAM", expected: "upstream" },
  { name: "two edits in eight letters", input: "upsttrem", expected: "upstream" },
  { name: "not three edits in eight letters", input: "xpsttrem", expected: undefined },
  { name: "three edits in twelve letters", input: "abcdefghijkl", expected: "abcdefghixyz" },
  { name: "not four edits, however long", input: "abcdefghijklabcdefghijkl", expected: undefined },
  { name: "one edit in a short name", input: "pth", expected: "path" },
  { name: "not two edits in a short name", input: "pt", expected: undefined },
  { name: "two neighbours swapped in a short name", input: "ptah", expected: "path" },
  { name: "and the last two", input: "paht", expected: "path" },
  { name: "and twice in eight letters", input: "pustrema", expected: "upstream" },
  { name: "but not twice in a short name", input: "apht", expected: undefined },
  { name: "not two letters swapped across a third", input: "tapch", expected: undefined },
  { name: "the nearest of several", input: "paths", expected: "path" },
])("suggests for a slip of the pen: $name", ({ input, expected }) => {
  expect(closest(input, ["upstream", "abcdefghixyz", "abcdefghijklabcdefghwxyz", "patch", "path"])).toBe(expected);
});

test.each([
  { name: "the first of two that are as near", input: "paxh", candidates: ["path", "pash"], expected: "path" },
  {
    name: "a nearer one behind a farther one",
    input: "upstreams",
    candidates: ["upstxexm", "upstream"],
    expected: "upstream",
  },
  {
    name: "the name itself, wherever it stands",
    input: "path",
    candidates: ["pash", "path", "patx"],
    expected: "path",
  },
  { name: "one with a letter inserted in front", input: "xpath", candidates: ["path"], expected: "path" },
  { name: "one with a letter missing in front", input: "ath", candidates: ["path"], expected: "path" },
  {
    name: "one of as many characters as are compared",
    input: "x".repeat(256),
    candidates: ["x".repeat(257)],
    expected: "x".repeat(257),
  },
  { name: "none for a longer name", input: "x".repeat(257), candidates: ["x".repeat(257)], expected: undefined },
  { name: "none that is much longer", input: "path", candidates: ["pathpath"], expected: undefined },
])("of several it takes $name", ({ input, candidates, expected }) => {
  expect(closest(input, candidates)).toBe(expected);
});

describe("the hint about an unknown name", () => {
  const names = (count: number): readonly string[] => Array.from({ length: count }, (_, at) => `name-${at}`);

  it.each([
    {
      name: "suggests the name that is near",
      input: "custmer",
      known: ["admin", "customer"],
      expected: "Did you mean `customer`?",
    },
    {
      name: "lists the names if none is near",
      input: "x",
      known: ["admin", "customer"],
      expected: "Known: admin, customer.",
    },
    { name: "says that there are none", input: "x", known: [], expected: "Known: none." },
    { name: "lists 20 names", input: "x", known: names(20), expected: `Known: ${names(20).join(", ")}.` },
    { name: "lists 20 of 21", input: "x", known: names(21), expected: `Known: ${names(20).join(", ")} and 1 more.` },
  ])("$name", ({ input, known, expected }) => {
    expect(nameHint(input, known)).toBe(expected);
  });
});
