import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { claimText, conditionText, parseClaimPath } from "../../src/policy/claim-path.ts";

describe("the place of a claim is parsed", () => {
  test.each([
    { name: "a claim name", input: "scope", expected: ["scope"] },
    {
      name: "a claim name with dots and slashes",
      input: "https://api.example/roles",
      expected: ["https://api.example/roles"],
    },
    { name: "a claim name with a tilde", input: "a~b", expected: ["a~b"] },
    { name: "a pointer", input: "/realm/roles", expected: ["realm", "roles"] },
    { name: "a pointer with escapes, each decoded once", input: "/a~1b/~01", expected: ["a/b", "~1"] },
    { name: "a pointer to the empty name", input: "/", expected: [""] },
  ])("$name", ({ input, expected }) => {
    expect(parseClaimPath(input)).toEqual({ ok: true, value: expected });
  });
});

test.each(["/a~2", "/a~"])("%s is refused, because its tilde escapes nothing", (input) => {
  expect(parseClaimPath(input)).toEqual({
    ok: false,
    failure: { message: "This is not a JSON Pointer.", hint: 'Write "~0" for "~".' },
  });
});

it.each([
  { path: ["scope"], expected: "scope" },
  { path: ["https://x/roles"], expected: "https://x/roles" },
  { path: ["realm_access", "roles"], expected: "/realm_access/roles" },
  { path: ["a/b", "c~d"], expected: "/a~1b/c~0d" },
  { path: ["/odd"], expected: "/~1odd" },
])("writes $path as $expected", ({ path, expected }) => {
  expect(claimText(path)).toBe(expected);
});

it("writes what parseClaimPath reads back", () => {
  fc.assert(
    fc.property(fc.array(fc.string(), { minLength: 1, maxLength: 3 }), (path) => {
      expect(parseClaimPath(claimText(path))).toEqual({ ok: true, value: path });
    }),
  );
});

describe("conditionText", () => {
  it.each([
    { condition: { kind: "parameter", name: "userId", equals: ["sub"] } as const, expected: "userId = sub" },
    {
      condition: { kind: "claim", claim: ["org", "tier"], in: ["gold", "platinum"] } as const,
      expected: "/org/tier in gold, platinum",
    },
    {
      condition: { kind: "claim", claim: ["org/tier"], in: ["gold"] } as const,
      expected: "org/tier in gold",
    },
    {
      condition: { kind: "claim", claim: ["tier"], in: Array.from({ length: 22 }, (_, at) => `${at}`) } as const,
      expected: "tier in 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 2 more",
    },
  ])("says $expected", ({ condition, expected }) => {
    expect(conditionText(condition)).toBe(expected);
  });
});
