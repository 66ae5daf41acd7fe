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

  test("is a fault in a file without `upstreams`, where the route would vanish", () => {
    const { upstreams: _, ...file } = policyFileWith({ guarantees: [{ upstream: "orders" }] });
    const message = "There is no upstream `orders`. Add it to `upstreams`.";
    expect(faultsOf(file)).toEqual([
      ...file.routes.map((_route, index) => `$.routes[${index}].upstream: ${message}`),
      `$.guarantees[0].upstream: ${message}`,
    ]);
  });

  test("is no second fault if the upstream itself has one", () => {
    expect(faultsOf(policyFileWith({ upstreams: { orders: { url: "ftp://orders.example" } } }))).toHaveLength(1);
  });
});
