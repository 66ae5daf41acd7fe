import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { challengeScope } from "../../src/answer/challenge-scope.ts";
import { MAX_CHALLENGE_SCOPE_BYTES } from "../../src/limits.ts";
import { meets } from "../../src/policy/authorize.ts";
import type { Expression, ScopeLeaf } from "../../src/policy/policy.ts";
import { scopeTable } from "../../src/policy/scopes.ts";
import { issuerOf, policyOf } from "../support/policy/example-policy.ts";

type Group = { readonly anyOf: readonly Written[] } | { readonly allOf: readonly Written[] };
type Written = string | Group;

function expressionOf(written: Written): Expression<ScopeLeaf> {
  if (typeof written === "string") return { kind: "scope", name: written };
  return "anyOf" in written
    ? { kind: "anyOf", of: written.anyOf.map(expressionOf) }
    : { kind: "allOf", of: written.allOf.map(expressionOf) };
}

function namesIn(expression: Expression<ScopeLeaf>): readonly string[] {
  return expression.kind === "scope" ? [expression.name] : expression.of.flatMap(namesIn);
}

function scopeOf(written: Written, policy = policyOf([])): string {
  const expression = expressionOf(written);
  return challengeScope(policy, { kind: "scopes", expression, mentioned: [...new Set(namesIn(expression))] });
}

/** A name of a length. */
function nameOf(id: string, length: number): string {
  return id.padEnd(length, ".");
}

/** Names of 100 characters: 79 of them fit, each with a space. */
function longNames(prefix: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, at) => nameOf(`${prefix}${at}`, 100));
}

describe("the scope of a challenge", () => {
  it.each([
    {
      name: "all scopes, in the order of the file",
      written: { anyOf: [{ allOf: ["b", "a"] }, "c"] },
      expected: "b a c",
    },
    {
      name: "all scopes if they are exactly as long as fits",
      written: { allOf: [nameOf("b", 3_999), nameOf("a", 4_000)] },
      expected: `${nameOf("b", 3_999)} ${nameOf("a", 4_000)}`,
    },
    {
      name: "the smaller set alone if they are one byte longer",
      written: { anyOf: [{ allOf: [nameOf("b", 3_999), "x"] }, nameOf("a", 4_000)] },
      expected: nameOf("a", 4_000),
    },
    {
      name: "of many alternatives as many as fit",
      written: { anyOf: longNames("a", 1_000) },
      expected: longNames("a", 79).join(" "),
    },
    {
      name: "the smallest sets first",
      written: { anyOf: [{ allOf: longNames("a", 50) }, { allOf: longNames("b", 20) }, { allOf: longNames("c", 40) }] },
      expected: [...longNames("b", 20), ...longNames("c", 40)].join(" "),
    },
    {
      name: "no part of a set that does not fit as a whole",
      written: { anyOf: [{ allOf: longNames("a", 70) }, { allOf: longNames("b", 30) }] },
      expected: longNames("b", 30).join(" "),
    },
    {
      name: "of sets that share scopes what the next one adds",
      written: {
        anyOf: [
          { allOf: [...longNames("a", 40), ...longNames("c", 60)] },
          { allOf: [...longNames("a", 40), ...longNames("b", 39)] },
          { allOf: [...longNames("a", 40), "x"] },
        ],
      },
      expected: [...longNames("a", 40), "x", ...longNames("b", 39)].join(" "),
    },
    {
      name: "a set of exactly as many bytes as fit",
      written: { anyOf: [nameOf("a", 8_000), { allOf: longNames("b", 80) }] },
      expected: nameOf("a", 8_000),
    },
    {
      name: "under allOf a scope of each part before its alternatives",
      written: { allOf: [{ anyOf: longNames("a", 100) }, { anyOf: longNames("b", 100) }] },
      expected: [...longNames("a", 1), ...longNames("b", 1), ...longNames("a", 78).slice(1)].join(" "),
    },
    {
      name: "whole names of the smallest set if it does not fit",
      written: { allOf: longNames("a", 1_000) },
      expected: longNames("a", 79).join(" "),
    },
    { name: "nothing if no name fits", written: nameOf("a", 8_001), expected: "" },
  ])("names $name", ({ written, expected }) => {
    expect(scopeOf(written)).toBe(expected);
  });

  it("counts a name in both forms if the issuers know it in both", () => {
    const names = longNames("a", 200);
    const scopes = scopeTable(
      names.map((fullName, at) => ({
        ...{ fullName, shortName: nameOf(`s${at}`, 50), resourceServer: "api", description: "", implies: [] },
      })),
      [],
    );
    const issuers = new Map([
      ["one", issuerOf({ scopeNames: "full" })],
      ["two", issuerOf({ scopeNames: "short" })],
    ]);
    const words = scopeOf({ anyOf: names }, { ...policyOf([]), issuers, scopes }).split(" ");
    // 152 bytes each, both spaces included.
    expect(words).toHaveLength(2 * 52);
    expect(words.slice(51, 54)).toEqual([names[51], nameOf("s0", 50), nameOf("s1", 50)]);
  });

  it.each([
    {
      name: "no set with a scope that no accepted issuer may grant",
      written: { anyOf: [{ allOf: ["closed", "a0"] }, { allOf: longNames("b", 20) }, { allOf: longNames("c", 70) }] },
      expected: longNames("b", 20).join(" "),
    },
    {
      name: "the other alternatives of a part with such a scope",
      written: { allOf: [{ anyOf: ["closed", ...longNames("b", 90)] }, { anyOf: ["a0", "closed"] }] },
      expected: [longNames("b", 1)[0], "a0", ...longNames("b", 79).slice(1)].join(" "),
    },
    {
      name: "nothing if each set has such a scope",
      written: { allOf: [{ anyOf: longNames("b", 90) }, "closed"] },
      expected: "",
    },
  ])("names $name, where it is shortened", ({ written, expected }) => {
    const names = ["closed", "a0", ...longNames("b", 90), ...longNames("c", 70)];
    const scopes = scopeTable(
      names.map((fullName) => ({
        ...{ fullName, shortName: fullName, description: "", implies: [] },
        resourceServer: fullName === "closed" ? "other" : "api",
      })),
      [{ identifier: "other", name: "Other", scopes: ["closed"], issuers: ["two"] }],
    );
    expect(scopeOf(written, { ...policyOf([]), scopes, issuers: new Map([["one", issuerOf({ name: "main" })]]) })).toBe(
      expected,
    );
  });

  it("fits, has whole names each once, and is enough if a set fits", () => {
    const names = Array.from({ length: 60 }, (_, at) => nameOf(`n${at}`, 100 + at * 7));
    const { expression } = fc.letrec<{ expression: Written }>((tie) => ({
      expression: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom(...names),
        fc.array(tie("expression"), { minLength: 1, maxLength: 30 }).map((anyOf) => ({ anyOf })),
        fc.array(tie("expression"), { minLength: 1, maxLength: 30 }).map((allOf) => ({ allOf })),
      ),
    }));
    fc.assert(
      fc.property(expression, (written) => {
        const scope = scopeOf(written);
        expect(scope.length).toBeLessThanOrEqual(MAX_CHALLENGE_SCOPE_BYTES);
        const words = scope.split(" ");
        expect(new Set(words).size).toBe(words.length);
        expect(words.filter((word) => !names.includes(word))).toEqual([]);
        expect(scopeOf(written)).toBe(scope);
        const formula = expressionOf(written);
        // Either the words are enough, or they are as much of one set as fits.
        if (!meets(formula, new Set(words))) expect(scope.length).toBeGreaterThan(MAX_CHALLENGE_SCOPE_BYTES - 600);
      }),
    );
  });

  it("takes little time for many alternatives of many scopes", () => {
    const sets = Array.from({ length: 1_000 }, (_, at) => ({ allOf: longNames(`${at}-`, 20) }));
    const before = performance.now();
    expect(scopeOf({ allOf: [{ anyOf: sets }, { anyOf: sets }] })).not.toBe("");
    expect(performance.now() - before).toBeLessThan(2_000);
  });
});
