import { describe, expect, it } from "vitest";
import { faultsOf, policyFileWith } from "../../../support/policy/policy-file.ts";

function faultsOfScopes(scopes: unknown): readonly string[] {
  const route = { path: "/a/:one/:two", methods: ["GET"], scopes, upstream: "orders" };
  return faultsOf(policyFileWith({ routes: [route] }));
}

const listed = (claim: string, ...values: string[]) => ({ claim, in: values });
const equal = (param: string, equals: string) => ({ param, equals });
const GUARD = "read:orders";

describe("two conditions that can be needed together are", () => {
  it.each([
    { name: "a fault on one parameter", one: equal("one", "sub"), other: equal("one", "uid"), isFault: true },
    { name: "a fault on one claim", one: equal("one", "sub"), other: equal("two", "sub"), isFault: true },
    {
      name: "a fault on one claim, one of them with values",
      one: equal("one", "tier"),
      other: listed("tier", "a"),
      isFault: true,
    },
    { name: "a fault on `sub`, both with values", one: listed("sub", "a"), other: listed("sub", "b"), isFault: true },
    {
      name: "a fault on `jti`, both with several values",
      one: listed("jti", "a", "b"),
      other: listed("jti", "a", "b"),
      isFault: true,
    },
    {
      name: "fine on another claim, both with values",
      one: listed("tier", "a"),
      other: listed("tier", "b"),
      isFault: false,
    },
    {
      name: "fine on two claims and two parameters",
      one: equal("one", "sub"),
      other: equal("two", "uid"),
      isFault: false,
    },
    {
      name: "fine if they are the same parameter",
      one: equal("one", "sub"),
      other: equal("one", "sub"),
      isFault: false,
    },
    { name: "fine if they are the same value", one: listed("sub", "a"), other: listed("sub", "a"), isFault: false },
  ])("$name", ({ one, other, isFault }) => {
    for (const [first, second] of [
      [one, other],
      [other, one],
    ]) {
      const count = isFault ? 1 : 0;
      expect(faultsOfScopes({ allOf: [first, second] })).toHaveLength(count);
      expect(
        faultsOfScopes({ allOf: [{ anyOf: [GUARD, first] }, { allOf: [GUARD, { anyOf: [second] }] }] }),
      ).toHaveLength(count);
      expect(faultsOfScopes([{ allOf: [GUARD, { anyOf: [first, GUARD] }, { anyOf: [second, GUARD] }] }])).toHaveLength(
        count,
      );
      // Alternatives are never needed together.
      expect(faultsOfScopes([first, second])).toEqual([]);
      expect(faultsOfScopes({ allOf: [GUARD, { anyOf: [{ allOf: [first, GUARD] }, second] }] })).toEqual([]);
    }
  });

  it("named, once for each requirement", () => {
    expect(faultsOfScopes({ allOf: [equal("one", "sub"), equal("two", "sub"), equal("one", "uid")] })).toEqual([
      "$.routes[0].scopes: The requirement can need `one = sub` and `two = sub` together, and both test the same parameter or the same claim. " +
        "Keep one of them, or make them alternatives (`anyOf`).",
    ]);
  });
});
