import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Route } from "../../../src/policy/policy.ts";
import { RouteTable, routeFor } from "../../../src/policy/routing/route-table.ts";
import { serviceUpstream } from "../../support/policy/upstreams.ts";

function route(path: string, methods: string[], index: number): Route {
  const upstream = serviceUpstream("any", "ANY", { allowPathParameters: true });
  return { path, methods, requirement: { kind: "authenticated" }, upstream, index };
}

function table(...routes: [path: string, ...methods: string[]][]): RouteTable {
  const made = routes.map(([path, ...methods], index) => route(path, methods, index));
  return new RouteTable(
    made.map(({ path }) => path),
    (index) => made[index],
  );
}

const shop = table(
  ["/", "GET"],
  ["/products", "GET"],
  ["/products", "POST"],
  ["/products/:id", "GET"],
  ["/products/healthz", "GET"],
  ["/products/:id/reviews", "GET"],
  ["/products/featured/images", "GET"],
  ["/orders/@me", "GET"],
  ["/orders/:id", "GET"],
  ["/files/*", "GET"],
  ["/files/:name/meta", "GET"],
  ["/files/private/*", "GET"],
);

describe("the most specific pattern that matches a path wins", () => {
  test.each([
    { name: "the root", input: "/", expected: "/" },
    { name: "a literal", input: "/products", expected: "/products" },
    { name: "a parameter", input: "/products/42", expected: "/products/:" },
    { name: "a literal before a parameter", input: "/products/healthz", expected: "/products/healthz" },
    { name: "a parameter after a literal that leads nowhere", input: "/products/featured", expected: "/products/:" },
    {
      name: "a parameter further down after the literal leads nowhere",
      input: "/products/featured/reviews",
      expected: "/products/:/reviews",
    },
    { name: "an escaped spelling of a literal", input: "/orders/%40me", expected: "/orders/@me" },
    { name: "a raw spelling of the same", input: "/orders/@me", expected: "/orders/@me" },
    { name: "an escaped segment for a parameter", input: "/orders/%40you", expected: "/orders/:" },
    { name: "a wildcard for one segment", input: "/files/a", expected: "/files/*" },
    { name: "a wildcard for several", input: "/files/a/b/c", expected: "/files/*" },
    { name: "a wildcard with a slash at the end", input: "/files/a/", expected: "/files/*" },
    { name: "a parameter before a wildcard", input: "/files/a/meta", expected: "/files/:/meta" },
    {
      name: "a wildcard after a literal before a parameter",
      input: "/files/private/meta",
      expected: "/files/private/*",
    },
    { name: "the outer wildcard where the inner needs more", input: "/files/private", expected: "/files/*" },
    { name: "the outer wildcard where the inner would be empty", input: "/files/private/", expected: "/files/*" },
    { name: "a path with parameters, without them", input: "/products;v=1/42;x", expected: "/products/:" },
    {
      name: "a path with encoded parameters, without them",
      input: "/products/healthz%3Bx",
      expected: "/products/healthz",
    },
    { name: "nothing for a wildcard with no segment", input: "/files", expected: undefined },
    { name: "nothing for a wildcard with an empty segment", input: "/files/", expected: undefined },
    { name: "nothing for a slash after a literal", input: "/products/", expected: undefined },
    { name: "nothing for a slash after a parameter", input: "/products/42/", expected: undefined },
    { name: "nothing for another case", input: "/Products", expected: undefined },
    { name: "nothing for a longer path", input: "/products/42/reviews/1", expected: undefined },
    { name: "nothing for a name that every object has", input: "/constructor", expected: undefined },
  ])("$name", ({ input, expected }) => {
    expect(shop.match(input)?.shape).toBe(expected);
  });

  test("in any order of the routes", () => {
    const paths = ["/a/*", "/a/:x", "/a/b"] as const;
    for (const order of [
      [0, 1, 2],
      [2, 1, 0],
      [1, 2, 0],
    ] as const) {
      const mixed = table(...order.map((at): [string, string] => [paths[at], "GET"]));
      expect(["/a/b", "/a/c", "/a/b/c"].map((path) => mixed.match(path)?.shape)).toEqual(["/a/b", "/a/:", "/a/*"]);
    }
  });
});

describe("a trailing slash is a literal of its own", () => {
  const slashes = table(
    ["/", "GET"],
    ["/orders", "GET"],
    ["/orders/", "GET"],
    ["/orders/:id/", "GET"],
    ["/orders/mine", "GET"],
    ["/files/*", "GET"],
    ["/files/:name/", "GET"],
    ["/:any/", "GET"],
    ["/:any/:id/", "GET"],
    ["/:any/:id/deep", "GET"],
    ["/docs", "GET"],
    ["/@me/", "GET"],
  );
  test.each([
    { name: "the root stays the root", input: "/", expected: "/" },
    { name: "a path without one has its own pattern", input: "/orders", expected: "/orders" },
    { name: "a path with one has its own pattern", input: "/orders/", expected: "/orders/" },
    { name: "a parameter before one", input: "/orders/7/", expected: "/orders/:/" },
    { name: "a literal that has no slash does not take one", input: "/orders/mine/", expected: "/orders/:/" },
    { name: "a parameter before one does not match without it", input: "/orders/7", expected: undefined },
    { name: "a parameter does not stand for the empty segment", input: "/docs/", expected: "/:/" },
    { name: "a looser pattern does not match without it", input: "/other", expected: undefined },
    { name: "a slash goes before `*`", input: "/files/a/", expected: "/files/:/" },
    { name: "`*` still takes it further down", input: "/files/a/b/", expected: "/files/*" },
    { name: "`*` still takes the path without it", input: "/files/a", expected: "/files/*" },
    { name: "`*` never takes it alone", input: "/files/", expected: "/:/" },
    { name: "an escaped spelling before one", input: "/%40me/", expected: "/@me/" },
    { name: "parameters before one are cut off", input: "/orders;v=1/", expected: "/orders/" },
    { name: "a longer path", input: "/a/b/c/", expected: undefined },
    { name: "a segment behind it", input: "/orders/7/x", expected: undefined },
  ])("$name", ({ input, expected }) => {
    expect(slashes.match(input)?.shape).toBe(expected);
  });

  test("with another, stricter method than the path without it", () => {
    const both = table(["/orders", "POST"], ["/orders/", "GET"]);
    const [bare, slash] = [both.match("/orders"), both.match("/orders/")];
    expect(bare && routeFor(bare, "GET")).toBeUndefined();
    expect(slash && routeFor(slash, "POST")).toBeUndefined();
  });
});

describe("the method picks the route of a path", () => {
  const groupOf = (...routes: [string, ...string[]][]) => {
    const group = table(...routes).match("/a");
    if (group === undefined) throw new Error("no group");
    return group;
  };
  const mixed = groupOf(["/a", "*"], ["/a", "GET"], ["/a", "POST", "REPORT"]);
  test.each([
    { name: "a listed one has its own route", group: mixed, method: "POST", expected: 2 },
    { name: "GET covers HEAD", group: mixed, method: "HEAD", expected: 1 },
    { name: "a listed HEAD wins over GET", group: groupOf(["/a", "HEAD"], ["/a", "GET"]), method: "HEAD", expected: 0 },
    { name: "HEAD alone does not cover GET", group: groupOf(["/a", "HEAD"]), method: "GET", expected: undefined },
    { name: "`*` takes the others", group: mixed, method: "DELETE", expected: 0 },
    { name: "`*` takes unusual ones", group: mixed, method: "PROPFIND", expected: 0 },
    { name: "`*` never takes CONNECT", group: mixed, method: "CONNECT", expected: undefined },
    { name: "`*` never takes TRACE", group: mixed, method: "TRACE", expected: undefined },
    { name: "`*` never takes another method in lower case", group: mixed, method: "propfind", expected: undefined },
    { name: "`*` never takes a method in mixed case", group: mixed, method: "Delete", expected: undefined },
    { name: "`*` never takes a listed method in lower case", group: mixed, method: "get", expected: undefined },
    {
      name: "a method that is not listed has none",
      group: groupOf(["/a", "GET"]),
      method: "POST",
      expected: undefined,
    },
  ])("$name", ({ group, method, expected }) => {
    expect(routeFor(group, method)?.index).toBe(expected);
  });

  test.each([
    { name: "HEAD is allowed where GET is", group: groupOf(["/a", "POST", "GET"]), expected: "GET, HEAD, POST" },
    {
      name: "unusual methods come last",
      group: groupOf(["/a", "REPORT", "LOCK", "PUT"]),
      expected: "PUT, LOCK, REPORT",
    },
    {
      name: "`*` allows the usual ones",
      group: mixed,
      expected: "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS, REPORT",
    },
  ])("$name", ({ group, expected }) => {
    expect(group.allow).toBe(expected);
  });

  test("a method that the most specific path lacks does not fall through to a looser one", () => {
    const group = table(["/a/b", "GET"], ["/a/:x", "POST"], ["/a/*", "*"]).match("/a/b");
    expect(group?.shape).toBe("/a/b");
    expect(group && routeFor(group, "POST")).toBeUndefined();
  });
});

/** All patterns against the path, one by one, then the most specific of those that match. */
function naiveMatch(patterns: readonly string[], path: string): string | undefined {
  const segments = path === "/" ? [] : path.slice(1).split("/");
  const rank = (part: string | undefined) => (part === "*" ? 2 : part?.startsWith(":") ? 1 : 0);
  const matching = patterns.filter((pattern) => {
    const parts = pattern === "/" ? [] : pattern.slice(1).split("/");
    const isOpen = parts.at(-1) === "*";
    if (isOpen ? segments.length < parts.length : segments.length !== parts.length) return false;
    return parts.every((part, at) => (rank(part) > 0 ? segments[at] !== "" : part === segments[at]));
  });
  return matching.sort((one, other) => {
    const [a, b] = [one.slice(1).split("/"), other.slice(1).split("/")];
    const differs = a.findIndex((part, at) => rank(part) !== rank(b[at]));
    return differs === -1 ? 0 : rank(a[differs]) - rank(b[differs]);
  })[0];
}

test("agrees with trying every pattern in turn", () => {
  const segment = fc.constantFrom("a", "b", "c");
  const pattern = fc
    .tuple(fc.array(fc.oneof(segment, fc.constant(":")), { maxLength: 4 }), fc.constantFrom([], ["*"], [""]))
    .map(([parts, end]) => `/${[...parts, ...(parts.length > 0 || end[0] === "*" ? end : [])].join("/")}`);
  const path = fc
    .tuple(fc.array(segment, { maxLength: 5 }), fc.boolean())
    .map(([parts, slash]) => `/${parts.join("/")}${slash && parts.length > 0 ? "/" : ""}`);
  fc.assert(
    fc.property(fc.uniqueArray(pattern, { maxLength: 12 }), path, (shapes, wanted) => {
      const patterns = shapes.map((shape) =>
        shape
          .split("/")
          .map((part, at) => (part === ":" ? `:p${at}` : part))
          .join("/"),
      );
      const found = table(...patterns.map((it): [string, string] => [it, "GET"])).match(wanted);
      expect(found && routeFor(found, "GET")?.path).toBe(naiveMatch(patterns, wanted));
    }),
    { numRuns: 1_000 },
  );
});
