import { describe, expect, test } from "vitest";
import { compiled, faultsOf, policyFileWith } from "../../support/policy/policy-file.ts";

const withGuarantee = (guarantee: Record<string, unknown>) =>
  policyFileWith({
    clients: { customer: { scopes: ["read:orders"] }, admin: { scopes: [] } },
    guarantees: [guarantee],
  });

describe("a fault of a guarantee is reported at its place", () => {
  test.each([
    {
      name: "none of the claims",
      input: { paths: ["/a"] },
      expected: [
        "$.guarantees[0]: The guarantee makes no claim. Add `never`, `requires`, `senderConstrained`, `authentication`, `publicOnly` or `upstream`.",
      ],
    },
    {
      name: "two claims",
      input: { never: true, upstream: "orders" },
      expected: ["$.guarantees[0]: The guarantee has `never` and `upstream`. Write one guarantee for each."],
    },
    {
      name: "an unknown client",
      input: { clients: ["custmer"], never: true },
      expected: ["$.guarantees[0].clients[0]: There is no client `custmer`. Did you mean `customer`?"],
    },
    {
      name: "all clients and one of them",
      input: { clients: ["*", "admin"], never: true },
      expected: [
        "$.guarantees[0].clients[0]: `*` is not the only item of its list. Remove the others: it stands for all registered clients.",
      ],
    },
    {
      name: "a method in lower case",
      input: { methods: ["get"], never: true },
      expected: ["$.guarantees[0].methods[0]: `get` is not a method. Write `GET`."],
    },
    {
      name: "a path that no request has",
      input: { paths: ["/a//"], never: true },
      expected: [
        "$.guarantees[0].paths[0]: The path contains an empty segment. The gateway refuses every request with such a path.",
      ],
    },
    {
      name: "a trailing slash, beneath which there is nothing",
      input: { under: ["/a/"], never: true },
      expected: [
        "$.guarantees[0].under[0]: The path ends with a slash. Write `/a`: `under` covers it with and without a slash, and all paths below.",
      ],
    },
    {
      name: "a path of the gateway",
      input: { under: ["/_gateway"], never: true },
      expected: ["$.guarantees[0].under[0]: The path belongs to the gateway. Choose another path."],
    },
    {
      name: "a wildcard where all beneath counts anyway",
      input: { under: ["/a/*"], never: true },
      expected: ["$.guarantees[0].under[0]: The path ends with `*`. Remove the `*`: `under` covers all paths below."],
    },
    {
      name: "an exception of everything",
      input: { never: true, except: [{}] },
      expected: [
        "$.guarantees[0].except[0]: This exception leaves out every call. Say which calls it leaves out, or remove it.",
      ],
    },
    {
      name: "a faulty exception",
      input: { never: true, except: [{ clients: ["nobody"] }] },
      expected: ["$.guarantees[0].except[0].clients[0]: There is no client `nobody`. Register it in `clients`."],
    },
    {
      name: "an unknown scope, and a wildcard that matches none",
      input: { requires: { allOf: ["read:order", "*:carts"] } },
      expected: [
        "$.guarantees[0].requires.allOf[0]: The scope `read:order` is not declared. Did you mean `read:orders`?",
        "$.guarantees[0].requires.allOf[1]: No declared scope matches `*:carts`. A `*` matches any characters of a short or full name. No other character is special.",
      ],
    },
    {
      name: "a public path that is none",
      input: { publicOnly: ["healthz"] },
      expected: ["$.guarantees[0].publicOnly[0]: The path does not start with a slash. Write `/healthz`."],
    },
    {
      name: "an unknown upstream",
      input: { upstream: "order" },
      expected: ["$.guarantees[0].upstream: There is no upstream `order`. Did you mean `orders`?"],
    },
    {
      name: "a member that is not known",
      input: { never: true, path: ["/a"] },
      expected: ["$.guarantees[0].path: This member is unknown. Did you mean `paths`?"],
    },
  ])("$name", ({ input, expected }) => {
    expect(faultsOf(withGuarantee(input))).toEqual(expected);
  });
});

describe("a guarantee that has no name is called by what it says", () => {
  test.each([
    { input: { never: true }, expected: "never: any call" },
    { input: { never: true, methods: ["PUT"], under: ["/a", "/b"] }, expected: "never: PUT under /a, /b" },
    {
      input: { requires: ["read:orders", "write:orders"], paths: ["/a"], clients: ["customer"] },
      expected: "/a by customer requires read:orders or write:orders",
    },
    {
      input: { requires: { allOf: ["read:orders", { param: "id", equals: "sub" }] }, under: ["/a"] },
      expected: "under /a requires read:orders and id = sub",
    },
    {
      input: { requires: ["*:orders", { claim: "/org/tier", in: ["gold", "black"] }], under: ["/a"] },
      expected: "under /a requires *:orders or /org/tier in gold, black",
    },
    {
      input: { requires: [{ allOf: ["read:orders", { anyOf: ["write:orders"] }] }, "write:orders"] },
      expected: "any call requires (read:orders and write:orders) or write:orders",
    },
    { input: { publicOnly: [] }, expected: "any call needs a token" },
    { input: { publicOnly: ["/a", "/b"] }, expected: "any call needs a token, except /a, /b" },
    { input: { upstream: "orders", under: ["/a"] }, expected: "under /a goes to orders only" },
    { input: { name: "as it is called", never: true }, expected: "as it is called" },
  ])("$expected", ({ input, expected }) => {
    expect(compiled(withGuarantee(input)).guarantees.map(({ name }) => name)).toEqual([expected]);
  });
});
