import { describe, expect, it } from "vitest";
import type { ClaimPath } from "../../../src/policy/policy.ts";
import { claimAtom, isAtom, parameterAtom, testedClaims } from "../../../src/policy/requirements/conditions.ts";
import { compiled, policyFileWith } from "../../support/policy/policy-file.ts";

describe("an atom", () => {
  it.each([
    { name: "of a claim", atom: claimAtom(["tier"], "gold"), expected: "claim /tier gold" },
    { name: "of a nested claim", atom: claimAtom(["org", "tier"], "gold"), expected: "claim /org/tier gold" },
    { name: "of a parameter", atom: parameterAtom(2, ["sub"]), expected: "parameter 2 /sub" },
  ])("$name is readable", ({ atom, expected }) => {
    expect(atom).toBe(expected);
    expect(isAtom(atom)).toBe(true);
  });

  it("differs for different claims and values, whatever characters they have", () => {
    const parts = ["a", "a b", "a/b", "a~b", "a~1b", "a~2b", " ", "", "/", "~", "~0", "b", "a b c"];
    const claims: ClaimPath[] = [...parts.map((part) => [part]), ...parts.map((part) => ["a", part])];
    const atoms = claims.flatMap((claim) => parts.map((value) => claimAtom(claim, value)));
    const parameters = claims.flatMap((claim) => [parameterAtom(1, claim), parameterAtom(11, claim)]);
    const all = [...atoms, ...parameters];
    // `["a"]` and so on are there once, `["a", "a"]` and so on as well.
    expect(new Set(all).size).toBe(all.length);
  });
});

describe("testedClaims", () => {
  it("has each claim once, with the values of all conditions", () => {
    const upstream = "orders";
    const { routes } = compiled(
      policyFileWith({
        routes: [
          { path: "/a", methods: ["GET"], scopes: [{ claim: "tier", in: ["a", "b"] }], upstream },
          { path: "/b", methods: ["GET"], scopes: { allOf: ["read:orders", { claim: "/tier", in: ["c"] }] }, upstream },
          { path: "/c/:id", methods: ["GET"], scopes: [{ param: "id", equals: "sub" }], upstream },
        ],
      }),
    );
    const tested = testedClaims(routes.map(({ requirement }) => requirement));
    expect(tested.map(({ claim, atoms }) => [claim, [...atoms]])).toEqual([
      [
        ["tier"],
        [
          ["a", "claim /tier a"],
          ["b", "claim /tier b"],
          ["c", "claim /tier c"],
        ],
      ],
    ]);
  });
});
