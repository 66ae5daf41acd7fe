import { describe, expect, it } from "vitest";
import { issuerScopeNames } from "../../src/answer/issuer-scope-names.ts";
import { issuerOf, policyOf } from "../support/policy/example-policy.ts";

const DECLARED = { "https://a.example": { read: [], write: [] }, b: { read: [] } };
const FULL = ["https://a.example/read", "https://a.example/write", "b/read"];
const full = issuerOf({ scopeNames: "full" });
const short = issuerOf({ name: "other", issuer: "https://other.example", scopeNames: "short" });
// As Entra ID, whose tokens have short names.
const askedInFull = issuerOf({ scopeNames: "short", requestedScopeNames: "full" });
const askedInShort = issuerOf({ scopeNames: "full", requestedScopeNames: "short" });

describe("issuerScopeNames", () => {
  it.each([
    { name: "full names if no issuer knows short ones", issuers: [full], expected: FULL },
    { name: "short names, each once, if all issuers know them", issuers: [short], expected: ["read", "write"] },
    { name: "both, if one issuer knows each", issuers: [full, short], expected: [...FULL, "read", "write"] },
    { name: "both, in either order of issuers", issuers: [short, full], expected: [...FULL, "read", "write"] },
    { name: "full names if the issuer is asked by them", issuers: [askedInFull], expected: FULL },
    { name: "short names if the issuer is asked by them", issuers: [askedInShort], expected: ["read", "write"] },
    { name: "full names without issuers", issuers: [], expected: FULL },
  ])("are $name", ({ issuers, expected }) => {
    expect(issuerScopeNames(policyOf(issuers, DECLARED), FULL)).toEqual(expected);
  });

  it.each([
    { name: "of the accepted issuers only", accepted: ["other"], issuersOf: [], expected: ["read", "write"] },
    {
      name: "without those that no accepted issuer may grant",
      accepted: ["other"],
      issuersOf: [
        ["b", ["main"]],
        ["https://a.example", ["main"]],
      ],
      expected: [],
    },
    {
      name: "short only where an issuer that knows short names may grant them",
      accepted: undefined,
      issuersOf: [["https://a.example", ["main"]]],
      expected: ["https://a.example/read", "https://a.example/write", "b/read", "read"],
    },
  ] as const)("are $name", ({ accepted, issuersOf, expected }) => {
    const policy = policyOf([full, short], DECLARED);
    const restricted = { ...policy, scopes: { ...policy.scopes, issuersOf: new Map(issuersOf) } };
    expect(issuerScopeNames(restricted, FULL, accepted)).toEqual(expected);
  });

  it("are none for no scopes", () => {
    expect(issuerScopeNames(policyOf([short], DECLARED), [])).toEqual([]);
  });
});
