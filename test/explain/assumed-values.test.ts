import { describe, expect, it } from "vitest";
import { assumedValueRemarks, parseAssumedValue, withAssumedValues } from "../../src/explain/assumed-values.ts";
import { API, issuerOf } from "../support/policy/example-policy.ts";

const READ = `${API}/read:orders`;
const byValue = new Map([
  ["staff", [READ]],
  ["lead", [READ]],
]);
const issuer = issuerOf({
  scopeClaim: [["scope"], ["scp"]],
  grants: [["a"], ["a", "b"], ["cognito:groups"], ["k=v"], ["scope"], ["k"]].map((claim) => ({ claim, byValue })),
});
const value = (claim: string[], text: string) => ({ claim, value: text });

describe("parseAssumedValue", () => {
  it.each([
    { text: "cognito:groups=staff", expected: value(["cognito:groups"], "staff") },
    { text: "/realm_access/roles=a=b", expected: value(["realm_access", "roles"], "a=b") },
    { text: "https://x/roles=a b", expected: value(["https://x/roles"], "a b") },
    { text: "k=v=staff", expected: value(["k=v"], "staff") },
    { text: "k=w=staff", expected: value(["k"], "w=staff") },
  ])("reads $text", ({ text, expected }) => {
    expect(parseAssumedValue(text, [issuer])).toEqual({ ok: true, value: expected });
  });

  it.each(["staff", "=staff", "groups=", "", "/~=x"])("refuses %j", (text) => {
    expect(parseAssumedValue(text, [issuer]).ok).toBe(false);
  });
});

describe("withAssumedValues", () => {
  it.each([
    { name: "writes one value as a string", claims: {}, values: [value(["a"], "x")], expected: { a: "x" } },
    {
      name: "writes several as a list",
      claims: {},
      values: [value(["k"], "x"), value(["k"], "y")],
      expected: { k: ["x", "y"] },
    },
    {
      name: "keeps the scopes in the same claim",
      claims: { scope: "s t" },
      values: [value(["scope"], "a b")],
      expected: { scope: ["s", "t", "a b"] },
    },
    {
      name: "writes inside a claim",
      claims: { a: { c: 1 } },
      values: [value(["a", "b"], "x")],
      expected: { a: { b: "x", c: 1 } },
    },
    {
      name: "writes no claim without grants",
      claims: {},
      values: [value(["aud"], "x"), value(["exp"], "1")],
      expected: {},
    },
  ])("$name", ({ claims, values, expected }) => {
    expect(withAssumedValues(claims, values, issuer)).toEqual(expected);
  });
});

describe("assumedValueRemarks", () => {
  const remarks = (values: ReturnType<typeof value>[]) =>
    assumedValueRemarks(values, { issuer, claims: withAssumedValues({}, values, issuer) });

  it.each([
    { name: "nothing of a value that grants", values: [value(["k"], "staff")], expected: [] },
    {
      name: "the value that may be meant",
      values: [value(["k"], "stuff")],
      expected: ["`k=stuff` grants nothing. Did you mean `staff`?"],
    },
    {
      name: "the claim that may be meant",
      values: [value(["cognito:group"], "staff")],
      expected: [
        "`cognito:group=staff` grants nothing. The issuer `main` has no grants for this claim. Did you mean `cognito:groups`?",
      ],
    },
    {
      name: "that a claim holds scopes",
      values: [value(["scp"], "read:orders")],
      expected: [
        "`scp=read:orders` grants nothing. The issuer `main` reads scopes from this claim: assume them with --scope.",
      ],
    },
    {
      name: "a value that another one replaces",
      values: [value(["a"], "staff"), value(["a", "b"], "lead")],
      expected: [
        "`a=staff` grants nothing. Another value takes its place in the claims: explain a token with both by --token-file.",
      ],
    },
  ])("say $name", ({ values, expected }) => {
    expect(remarks(values)).toEqual(expected);
  });
});
