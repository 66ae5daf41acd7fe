import { expect, it } from "vitest";
import { lintPolicy } from "../../../../../../src/policy/analysis/lint/lint-policy.ts";
import { compiled, policyFileWith } from "../../../../../support/policy/policy-file.ts";

const ISSUERS = {
  pool: { issuer: "https://pool.example", profile: "cognito" },
  entra: { issuer: "https://entra.example", profile: "generic", audiences: ["api"] },
};

function messagesOf(scopes: readonly unknown[], issuers?: readonly string[]): readonly string[] {
  const route = { path: "/users/:id", methods: ["GET"], scopes, upstream: "orders", ...(issuers && { issuers }) };
  const policy = compiled(policyFileWith({ issuers: ISSUERS, routes: [route] }));
  return lintPolicy(policy, { routes: [], issuers: {} }).lints.flatMap(({ code, message, hint }) =>
    code === "unfamiliar-claim" ? [`${message} ${hint}`] : [],
  );
}

const told = (claim: string, hint: string) => [
  `No access token of the accepted issuers is known to have the claim \`${claim}\`. ${hint}`,
];
const LOOK =
  "Look at a real access token: many claims are in ID tokens only. If the issuer was told to write it, all is well.";

it.each([
  { name: "a claim of every token", scopes: [{ param: "id", equals: "sub" }], expected: [] },
  { name: "a claim of one of the profiles", scopes: [{ claim: "tid", in: ["a"] }], expected: [] },
  {
    name: "a claim of a profile that the route does not accept",
    scopes: [{ claim: "tid", in: ["a"] }],
    issuers: ["pool"],
    expected: told("tid", LOOK),
  },
  {
    name: "a claim of ID tokens",
    scopes: [{ claim: "email", in: ["a"] }],
    issuers: ["pool"],
    expected: told("email", LOOK),
  },
  {
    name: "a misspelt claim",
    scopes: [{ claim: "usernam", in: ["a"] }],
    expected: told("usernam", "Did you mean `username`?"),
  },
  {
    name: "a claim that nobody writes",
    scopes: [{ claim: "/shop/tier", in: ["a"] }],
    expected: told("/shop/tier", LOOK),
  },
  { name: "a claim whose name is a URL", scopes: [{ claim: "https://shop.example/tier", in: ["a"] }], expected: [] },
  {
    name: "one claim twice",
    scopes: [
      { claim: "/shop/tier", in: ["a"] },
      { claim: "/shop/name", in: ["a"] },
    ],
    expected: told("/shop/tier", LOOK),
  },
])("$name", ({ scopes, issuers, expected }) => {
  expect(messagesOf(scopes, issuers)).toEqual(expected);
});
