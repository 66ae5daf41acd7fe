import { describe, expect, it } from "vitest";
import { Realizer } from "../../../../src/policy/analysis/formulas/realize.ts";
import type { Binding } from "../../../../src/policy/requirements/binding.ts";
import {
  claimAtom,
  exactAtom,
  parameterAtom,
  SENDER_CONSTRAINED,
} from "../../../../src/policy/requirements/conditions.ts";
import { checkConfirmation } from "../../../../src/token/confirmation.ts";
import { compiled, policyFileWith } from "../../../support/policy/policy-file.ts";

const realizer = new Realizer([
  compiled(
    policyFileWith({
      routes: [
        { path: "/u/:id", methods: ["GET"], scopes: [{ param: "id", equals: "sub" }], upstream: "orders" },
        { path: "/u/:id/f/:file", methods: ["GET"], scopes: [{ claim: "tier", in: ["x1"] }], upstream: "orders" },
        { path: "/u/x", methods: ["POST"], scopes: ["read:orders"], upstream: "orders" },
      ],
    }),
  ),
]);

describe("the path of an example", () => {
  it.each([
    { name: "keeps fixed segments", pins: ["u", "alice"], path: "/u/alice", segments: [1], expected: "/u/alice" },
    {
      name: "has texts that equal no literal, no tested value and not each other",
      pins: ["u", undefined, "f", undefined],
      path: "/u/y/f/y",
      segments: [1, 3],
      expected: "/u/x2/f/x3",
    },
    { name: "keeps what no condition looks at", pins: ["u", undefined], path: "/u/y", segments: [], expected: "/u/y" },
  ])("$name", ({ path, pins, segments, expected }) => {
    expect(realizer.pathOf(path, pins, segments)).toBe(expected);
  });
});

describe("the token of an example", () => {
  it.each([
    { name: "has scopes and no claims without conditions", found: ["a"], scopes: ["a"], claims: undefined },
    {
      name: "has the claim that equals a parameter",
      found: ["a", parameterAtom(1, ["sub"])],
      scopes: ["a"],
      claims: { sub: "x2" },
    },
    {
      name: "has the claim that is exactly a text",
      found: [exactAtom(["org", "id"], "bob")],
      scopes: [],
      claims: { org: { id: "bob" } },
    },
    { name: "has one of several values", found: [claimAtom(["tier"], "gold")], scopes: [], claims: { tier: "gold" } },
    {
      name: "has a list of values that are needed together",
      found: [claimAtom(["tier"], "gold"), claimAtom(["tier"], "vip")],
      scopes: [],
      claims: { tier: ["gold", "vip"] },
    },
    {
      name: "has a list where a string would equal the path, too",
      found: [claimAtom(["tier"], "bob")],
      scopes: [],
      claims: { tier: ["bob"] },
    },
    {
      name: "has a string where a list would not count",
      found: [claimAtom(["sub"], "bob")],
      scopes: [],
      claims: { sub: "bob" },
    },
  ])("$name", ({ found, scopes, claims }) => {
    expect(realizer.tokenFor(found, "/u/x2/f/bob")).toEqual({ scopes, claims });
  });

  it.each<{ name: string; issuer: { binding?: Binding }; expected: string }>([
    { name: "a certificate where nothing says how", issuer: {}, expected: "x5t#S256" },
    { name: "a certificate", issuer: { binding: { dpop: "accepted", mtls: "accepted" } }, expected: "x5t#S256" },
    { name: "a key", issuer: { binding: { dpop: "required", mtls: "refused" } }, expected: "jkt" },
  ])("is bound to $name, so that the gateway accepts it", ({ issuer, expected }) => {
    const found = ["a", SENDER_CONSTRAINED, claimAtom(["tier"], "gold")];
    const { scopes, claims = {} } = realizer.tokenFor(found, "/u/x2/f/bob", undefined, issuer);
    expect(scopes).toEqual(["a"]);
    expect(claims).toMatchObject({ tier: "gold", cnf: { [expected]: "A".repeat(43) } });
    const confirmation = checkConfirmation(claims, { binding: { dpop: "accepted", mtls: "accepted" }, ...issuer });
    expect(confirmation).toMatchObject({ thumbprint: "A".repeat(43) });
  });
});
