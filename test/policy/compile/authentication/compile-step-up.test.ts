import { describe, expect, test } from "vitest";
import { MAX_ACR_VALUES_LENGTH, MAX_DURATION_SECONDS } from "../../../../src/limits.ts";
import { compiled, faultsOf, policyFileWith, policyFileWithRoute } from "../../../support/policy/policy-file.ts";

const route = (authentication: unknown) => policyFileWithRoute({ authenticated: true, authentication });
const guarantee = (authentication: unknown) => policyFileWith({ guarantees: [{ paths: ["/orders"], authentication }] });

describe("what a route asks of the authentication is compiled", () => {
  test.each([
    { name: "classes, in their order", input: { acr: ["b", "a"] } },
    { name: "an age", input: { maxAgeSeconds: 300 } },
    { name: "both", input: { acr: ["urn:example:mfa"], maxAgeSeconds: 1 } },
    { name: "the longest age", input: { maxAgeSeconds: MAX_DURATION_SECONDS } },
    { name: "a class with every printable character", input: { acr: ["!#$%&'()*+,-./09:;<=>?@AZ[]^_`az{|}~"] } },
    { name: "the longest list", input: { acr: ["a".repeat(MAX_ACR_VALUES_LENGTH - 2), "b"] } },
  ])("$name", ({ input }) => {
    expect(compiled(route(input)).routes[0]?.requirement).toEqual({ kind: "authenticated", authentication: input });
    expect(compiled(guarantee(input)).guarantees[0]?.claim).toEqual({ kind: "authentication", authentication: input });
    expect(compiled(route(input)).asksForAuthentication).toBe(true);
  });

  test("beside scopes", () => {
    const file = policyFileWithRoute({ scopes: ["read:orders"], authentication: { maxAgeSeconds: 60 } });
    expect(compiled(file).routes[0]?.requirement).toMatchObject({
      kind: "scopes",
      authentication: { maxAgeSeconds: 60 },
    });
  });

  test("once for equal requirements, which are one object", () => {
    const some = { methods: ["GET"], authenticated: true, upstream: "orders" };
    const routes = [
      { ...some, path: "/a", authentication: { maxAgeSeconds: 60 } },
      { ...some, path: "/b", authentication: { maxAgeSeconds: 60 } },
      { ...some, path: "/c", authentication: { maxAgeSeconds: 61 } },
      { ...some, path: "/d" },
    ];
    const [a, b, c, d] = compiled(policyFileWith({ routes })).routes.map(({ requirement }) => requirement);
    expect(a).toBe(b);
    expect(new Set([a, c, d]).size).toBe(3);
    expect(d).toEqual({ kind: "authenticated" });
  });
});

const PLAIN =
  "A class of authentication has only printable ASCII, without blanks, quotes and backslashes. " +
  'Write it as the issuer does, such as "urn:example:mfa". Each item of the list is one class.';

describe("what a route asks of the authentication is refused", () => {
  test.each([
    {
      name: "nothing",
      input: {},
      place: "",
      fault: "This asks for nothing. Add `acr` or `maxAgeSeconds`, or remove it.",
    },
    { name: "two classes in one text", input: { acr: ["a b"] }, place: ".acr[0]", fault: PLAIN },
    { name: "a quote", input: { acr: ["a", 'b"'] }, place: ".acr[1]", fault: PLAIN },
    { name: "a backslash", input: { acr: ["a\\"] }, place: ".acr[0]", fault: PLAIN },
    { name: "a letter outside ASCII", input: { acr: ["\u00e9"] }, place: ".acr[0]", fault: PLAIN },
    {
      name: "a class twice",
      input: { acr: ["a", "b", "a"] },
      place: ".acr[2]",
      fault: "This class is already listed. Remove it.",
    },
    {
      name: "a list that is too long for a header",
      input: { acr: ["a".repeat(MAX_ACR_VALUES_LENGTH - 1), "b"] },
      place: ".acr",
      fault:
        "The list has more than 1024 characters. Name fewer classes: a challenge lists all of them. " +
        "A higher class counts for a lower one with `acrOrder`.",
    },
  ])("$name", ({ input, place, fault }) => {
    expect(faultsOf(route(input))).toEqual([`$.routes[0].authentication${place}: ${fault}`]);
    expect(faultsOf(guarantee(input))).toEqual([`$.guarantees[0].authentication${place}: ${fault}`]);
  });

  test.each([
    { name: "an empty list", input: { acr: [] }, place: ".acr" },
    { name: "one class instead of a list", input: { acr: "mfa" }, place: ".acr" },
    { name: "an empty class", input: { acr: [""] }, place: ".acr[0]" },
    { name: "no time at all", input: { maxAgeSeconds: 0 }, place: ".maxAgeSeconds" },
    { name: "a fraction", input: { maxAgeSeconds: 1.5 }, place: ".maxAgeSeconds" },
    { name: "more than a year", input: { maxAgeSeconds: MAX_DURATION_SECONDS + 1 }, place: ".maxAgeSeconds" },
    { name: "a text", input: { maxAgeSeconds: "300" }, place: ".maxAgeSeconds" },
    { name: "another member", input: { acr: ["a"], amr: ["otp"] }, place: ".amr" },
    { name: "true", input: true, place: "" },
  ])("$name, by the shape of the file", ({ input, place }) => {
    const faults = faultsOf(route(input));
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatch(new RegExp(`^\\$\\.routes\\[0\\]\\.authentication${place.replace(/[.[\]]/g, "\\$&")}: `));
  });

  test.each([{ way: "public" }, { way: "optional" }])("on a route that is $way", ({ way }) => {
    expect(faultsOf(policyFileWithRoute({ [way]: true, authentication: { maxAgeSeconds: 60 } }))).toEqual([
      "$.routes[0].authentication: A caller without a token may call this route, so it cannot require authentication. " +
        "Remove `authentication`, or require a token with `scopes` or `authenticated`.",
    ]);
  });
});

test("a guarantee without a name is named by what it asks", () => {
  const [{ name } = {}] = compiled(guarantee({ acr: ["otp", "hwk"], maxAgeSeconds: 300 })).guarantees;
  expect(name).toBe("/orders requires a user who authenticated by otp or hwk at most 300 s ago");
});
