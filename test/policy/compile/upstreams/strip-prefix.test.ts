import { describe, expect, it } from "vitest";
import { faultsOf, policyFileWith } from "../../../support/policy/policy-file.ts";

const file = (stripPrefix: unknown, routes: readonly Record<string, unknown>[] = [{ path: "/shop/a" }]) =>
  policyFileWith({
    upstreams: { shop: { url: "https://shop.example", stripPrefix }, other: { url: "https://other.example" } },
    routes: routes.map((route) => ({ methods: ["GET"], public: true, upstream: "shop", ...route })),
  });

describe("a prefix to strip", () => {
  it.each([
    { prefix: "/shop", paths: ["/shop", "/shop/", "/shop/:id", "/shop/*", "/shop/a/b"] },
    { prefix: "/shop/v1", paths: ["/shop/v1", "/shop/v1/a"] },
    { prefix: "/@me", paths: ["/%40me/a", "/@me"] },
    { prefix: "/a%20b", paths: ["/a%20b/c"] },
  ])("$prefix is one of $paths", ({ prefix, paths }) => {
    const routes = paths.map((path) => ({ path }));
    expect(faultsOf(file(prefix, routes))).toEqual([]);
  });

  it.each([
    { prefix: "", fault: "This is empty. Write at least one character." },
    { prefix: "shop", fault: "The prefix does not start with a slash. Write `/shop`." },
    { prefix: "/", fault: "The prefix has no segment. Remove `stripPrefix`: nothing is taken off." },
    { prefix: "/shop/", fault: "The prefix ends in a slash. Write `/shop`." },
    {
      prefix: "/shop/:a",
      fault:
        "The prefix has a parameter or a `*`. Write literal segments, or write `upstreamPath` in the routes. A literal colon is %3A, a literal star %2A.",
    },
    {
      prefix: "/shop/*",
      fault:
        "The prefix has a parameter or a `*`. Write literal segments, or write `upstreamPath` in the routes. A literal colon is %3A, a literal star %2A.",
    },
    { prefix: "/%73hop", fault: "The prefix is not in canonical form. Write `/shop`." },
    {
      prefix: "/shop//a",
      fault: "The gateway refuses requests with this prefix. Write it in canonical form, without `;`.",
    },
    {
      prefix: "/shop/../a",
      fault: "The gateway refuses requests with this prefix. Write it in canonical form, without `;`.",
    },
    {
      prefix: "/shop;v=1",
      fault: "The gateway refuses requests with this prefix. Write it in canonical form, without `;`.",
    },
    {
      prefix: "/shop%2Fa",
      fault: "The gateway refuses requests with this prefix. Write it in canonical form, without `;`.",
    },
    {
      prefix: "/shop?a",
      fault: "The gateway refuses requests with this prefix. Write it in canonical form, without `;`.",
    },
    {
      prefix: "/sh\u00f6p",
      fault: "The gateway refuses requests with this prefix. Write it in canonical form, without `;`.",
    },
  ])("$prefix is none", ({ prefix, fault }) => {
    expect(faultsOf(file(prefix))).toEqual([`$.upstreams.shop.stripPrefix: ${fault}`]);
  });

  it.each([
    { name: "another literal", path: "/cart/a" },
    { name: "a literal that goes on", path: "/shopping" },
    { name: "a parameter", path: "/:shop/a" },
    { name: "a wildcard", path: "/*" },
    { name: "the root", path: "/" },
    { name: "another case", path: "/Shop/a" },
  ])("a route with $name does not begin with it", ({ path }) => {
    expect(faultsOf(file("/shop", [{ path: "/shop/a" }, { path }]))).toEqual([
      `$.upstreams.shop.stripPrefix: The path of routes[1] (\`${path}\`) does not start with it. Write an \`upstreamPath\` in that route, or choose another upstream for it.`,
    ]);
  });

  it("several such routes are one fault", () => {
    const [fault] = faultsOf(file("/shop", [{ path: "/a" }, { path: "/shop/a" }, { path: "/b" }, { path: "/c" }]));
    expect(fault).toContain("The path of routes[0] (`/a`) and 2 more does not start with it.");
  });

  it("other upstreams, routes with an upstreamPath and routes with a faulty path do not count", () => {
    const routes = [
      { path: "/shop/a" },
      { path: "/b", upstream: "other" },
      { path: "/c", upstreamPath: "/d" },
      { path: "e" },
      { path: "/f", upstreamPath: "//" },
    ];
    expect(faultsOf(file("/shop", routes)).map((fault) => fault.split(":")[0])).toEqual([
      "$.routes[3].path",
      "$.routes[4].upstreamPath",
    ]);
  });
});
