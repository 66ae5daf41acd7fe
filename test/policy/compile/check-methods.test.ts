import { describe, expect, test } from "vitest";
import { faultsOf, policyFileWith, policyFileWithRoute } from "../../support/policy/policy-file.ts";

describe("a list of methods is refused", () => {
  test.each([
    { name: "when it is empty", input: [], expected: ["methods: This is empty. List at least one."] },
    { name: "in lower case", input: ["get"], expected: ["methods[0]: `get` is not a method. Write `GET`."] },
    {
      name: "with a space",
      input: ["GET POST"],
      expected: ["methods[0]: `GET POST` is not a method. Write a name such as GET, in upper case."],
    },
    {
      name: "with a wildcard in a name",
      input: ["P*", "**"],
      expected: [
        "methods[0]: `P*` is not a method. List each method. Only `*` alone is a wildcard.",
        "methods[1]: `**` is not a method. List each method. Only `*` alone is a wildcard.",
      ],
    },
    {
      name: "with CONNECT",
      input: ["CONNECT"],
      expected: ["methods[0]: The gateway never serves `CONNECT`. Remove it."],
    },
    {
      name: "with TRACE in any case",
      input: ["trace"],
      expected: ["methods[0]: The gateway never serves `trace`. Remove it."],
    },
    {
      name: "with one twice",
      input: ["GET", "PUT", "GET"],
      expected: ["methods[2]: `GET` is listed twice. Remove one of them."],
    },
    {
      name: "with `*` and another",
      input: ["GET", "*"],
      expected: [
        "methods[1]: `*` is not the only item of its list. It stands for all methods. Give the other methods a route of their own.",
      ],
    },
  ])("$name", ({ input, expected }) => {
    expect(faultsOf(policyFileWithRoute({ methods: input, public: true }))).toEqual(
      expected.map((text) => `$.routes[0].${text}`),
    );
  });

  test.each([
    { name: "with `*` alone", input: ["*"] },
    { name: "with a method of an extension", input: ["PROPFIND", "M-SEARCH"] },
  ])("but not $name", ({ input }) => {
    expect(faultsOf(policyFileWithRoute({ methods: input, public: true }))).toEqual([]);
  });
});

test("a method that cannot be read does not keep the others from being checked", () => {
  expect(faultsOf(policyFileWithRoute({ methods: [3, "GET", "GET"], public: true }))).toEqual([
    expect.stringContaining("$.routes[0].methods[0]: Found 3."),
    expect.stringContaining("$.routes[0].methods[2]: `GET` is listed twice."),
  ]);
});

describe("two routes of one shape", () => {
  const routesOf = (...routes: [path: string, ...methods: string[]][]) =>
    policyFileWith({
      routes: routes.map(([path, ...methods]) => ({ path, methods, public: true, upstream: "orders" })),
    });

  test.each([
    {
      name: "with a common method",
      input: routesOf(["/a", "GET"], ["/a", "PUT", "GET"]),
      expected: ["methods[1]: `GET /a` is also served by routes[0] (`/a`)"],
    },
    {
      name: "with other parameter names",
      input: routesOf(["/:a", "GET"], ["/:b", "GET"]),
      expected: ["methods[0]: `GET /:b` is also served by routes[0] (`/:a`)"],
    },
    {
      name: "in two spellings",
      input: routesOf(["/@me", "GET"], ["/%40me", "GET"]),
      expected: ["methods[0]: `GET /%40me` is also served by routes[0] (`/@me`)"],
    },
    {
      name: "with `*` twice",
      input: routesOf(["/a/*", "*"], ["/a/*", "*"]),
      expected: ["methods[0]: `* /a/*` is also served by routes[0] (`/a/*`)"],
    },
  ])("conflict $name", ({ input, expected }) => {
    expect(faultsOf(input)).toEqual(expected.map((text) => `$.routes[1].${text}. Remove one of them.`));
  });

  test("conflict with the first of them, each", () => {
    expect(faultsOf(routesOf(["/a", "GET"], ["/a", "GET"], ["/a", "GET"]))).toEqual([
      expect.stringContaining("$.routes[1].methods[0]: `GET /a` is also served by routes[0]"),
      expect.stringContaining("$.routes[2].methods[0]: `GET /a` is also served by routes[0]"),
    ]);
  });

  test.each([
    { name: "with different methods", input: routesOf(["/a", "GET"], ["/a", "POST"]) },
    { name: "with GET and a HEAD of its own", input: routesOf(["/a", "GET"], ["/a", "HEAD"]) },
    { name: "with `*` and a listed method", input: routesOf(["/a", "*"], ["/a", "GET"]) },
    { name: "when one ends with a parameter and one with a wildcard", input: routesOf(["/:a", "GET"], ["/*", "GET"]) },
    { name: "when a literal only looks like a parameter", input: routesOf(["/:a", "GET"], ["/%3A", "GET"]) },
    { name: "when a literal only looks like a wildcard", input: routesOf(["/*", "GET"], ["/%2A", "GET"]) },
  ])("do not conflict $name", ({ input }) => {
    expect(faultsOf(input)).toEqual([]);
  });
});
