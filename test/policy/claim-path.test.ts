import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { claimText, parseClaimPath } from "../../src/policy/claim-path.ts";

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
