import fc from "fast-check";
import { expect, it } from "vitest";
import { withClaim } from "../../src/policy/with-claim.ts";
import { claimAt } from "../../src/token/claim-at.ts";

it.each([
  { name: "writes a claim", claims: {}, path: ["a"], expected: { a: 1 } },
  { name: "keeps the others", claims: { b: 2 }, path: ["a"], expected: { a: 1, b: 2 } },
  { name: "makes the objects around it", claims: {}, path: ["a", "b"], expected: { a: { b: 1 } } },
  { name: "keeps what is beside it", claims: { a: { c: 2 } }, path: ["a", "b"], expected: { a: { b: 1, c: 2 } } },
  { name: "replaces what is no object", claims: { a: ["x"] }, path: ["a", "b"], expected: { a: { b: 1 } } },
  { name: "changes nothing for an empty path", claims: { a: 2 }, path: [], expected: { a: 2 } },
])("$name", ({ claims, path, expected }) => {
  expect(withClaim(claims, path, 1)).toEqual(expected);
});

it("writes where claimAt reads, also by the names that every object has, and changes no prototype", () => {
  const step = fc.constantFrom("a", "b", "0", "__proto__", "constructor", "toString");
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 4 }), (path) => {
      const claims = withClaim({}, path, "x");
      expect(claimAt(claims, path)).toBe("x");
      expect(Object.getPrototypeOf(claims)).toBe(Object.prototype);
    }),
  );
});
