import { describe, expect, it } from "vitest";
import { compiled, faultsOf, policyFileWith } from "../../../support/policy/policy-file.ts";

const file = (path: string, upstreamPath: unknown) =>
  policyFileWith({
    upstreams: { orders: { url: "https://orders.example" } },
    routes: [{ path, methods: ["GET"], public: true, upstream: "orders", upstreamPath }],
  });

describe("a template for the upstream's path", () => {
  it.each([
    { path: "/orders/:id", template: "/v2/orders/:id" },
    { path: "/orders/:id", template: "/v2/:id/of/:id" },
    { path: "/orders/:id", template: "/v2/orders" },
    { path: "/orders/:id", template: "/" },
    { path: "/orders/:id", template: "/:id/" },
    { path: "/orders/*", template: "/v2/*" },
    { path: "/orders/*", template: "/v2" },
    { path: "/:a/*", template: "/:a/v2/*" },
    { path: "/orders/", template: "/v2/orders/" },
    { path: "/orders", template: "/_gateway/health" },
    { path: "/orders", template: "/.well-known/oauth-protected-resource" },
    { path: "/orders", template: "/a%20b/%3Aid/%2A" },
  ])("$template serves $path", ({ path, template }) => {
    const [route] = compiled(file(path, template)).routes;
    expect(route?.upstreamPath).toBe(template);
  });

  it.each([
    { path: "/orders/:id", template: "", fault: "This is empty. Write at least one character." },
    { path: "/orders/:id", template: "v2", fault: "The path does not start with a slash. Write `/v2`." },
    {
      path: "/orders/:orderId",
      template: "/v2/:orderid",
      fault: "The route's path has no `:orderid`. Did you mean `:orderId`?",
    },
    {
      path: "/:tenant/:id",
      template: "/v2/:something",
      fault: "The route's path has no `:something`. Its parameters: `:tenant`, `:id`.",
    },
    {
      path: "/orders",
      template: "/v2/:id",
      fault: "The route's path has no `:id`. It has no parameters. Write %3A if you mean a colon.",
    },
    {
      path: "/orders/:id",
      template: "/v2/*",
      fault: "The route's path has no `*`. Write %2A if you mean the character.",
    },
    {
      path: "/orders/*",
      template: "/v2/*/x",
      fault: "A `*` is not the whole last segment. Write %2A if you mean the character.",
    },
    {
      path: "/orders/*",
      template: "/v2/*/",
      fault: "The path goes on after its `*`. Remove the slash at its end: `*` also matches paths with one.",
    },
    { path: "/orders/:id", template: "/v%32/:id", fault: "The path is not in canonical form. Write `/v2/:id`." },
    {
      path: "/orders/:id",
      template: "/v2//:id",
      fault: "The path contains an empty segment. The gateway refuses every request with such a path.",
    },
    { path: "/orders/:id", template: "/v2/../:id", fault: "The path is not in canonical form. Write `/:id`." },
    {
      path: "/orders/:id",
      template: "/v2?id=:id",
      fault: "The path contains `?` or `#`. A query is never matched. Write %3F or %23 if you mean the character.",
    },
    {
      path: "/orders/:id",
      template: "/v2;a/:id",
      fault: "The path contains path parameters. Leave out `;` and what follows: it is never matched.",
    },
    {
      path: "/orders/:id",
      template: "/a%2Fb",
      fault: "The path contains an encoded separator or control. The gateway refuses every request with such a path.",
    },
    {
      path: "/orders/:id",
      template: "/v2/id-:id/:i-d",
      fault: "`:i-d` is not a parameter. Name it with letters, digits and underscores. Write %3A if you mean a colon.",
    },
  ])("$template is faulty for $path", ({ path, template, fault }) => {
    expect(faultsOf(file(path, template))).toEqual([`$.routes[0].upstreamPath: ${fault}`]);
  });

  it("it is not compared with a faulty path", () => {
    const faults = faultsOf(file("orders/:id", "/v2/:other"));
    expect(faults).toEqual([expect.stringMatching(/^\$\.routes\[0\]\.path: /)]);
  });
});
