import { describe, expect, test } from "vitest";
import { compiled, faultsOf, policyFileWith, policyFileWithRoute } from "../../support/policy/policy-file.ts";

describe("the name of an upstream", () => {
  test("means the upstream of that name", () => {
    const { routes, upstreams } = compiled(policyFileWithRoute({ public: true }));
    expect(routes[0]?.upstream).toBe(upstreams.get("orders"));
  });

  test.each([
    { name: "with a typo", input: "order", expected: "There is no upstream `order`. Did you mean `orders`?" },
    { name: "that is unlike any", input: "stock", expected: "There is no upstream `stock`. Add it to `upstreams`." },
    {
      name: "that every object has",
      input: "constructor",
      expected: "There is no upstream `constructor`. Add it to `upstreams`.",
    },
  ])("is a fault $name", ({ input, expected }) => {
    expect(faultsOf(policyFileWithRoute({ public: true, upstream: input }))).toEqual([
      `$.routes[0].upstream: ${expected}`,
    ]);
  });

  test("is no second fault if the upstream itself has one", () => {
    expect(faultsOf(policyFileWith({ upstreams: { orders: { url: "ftp://orders.example" } } }))).toHaveLength(1);
  });
});
