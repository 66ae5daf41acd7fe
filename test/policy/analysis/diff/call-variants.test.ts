import { describe, expect, it } from "vitest";
import { CallVariants, variantsTaken } from "../../../../src/policy/analysis/diff/call-variants.ts";
import type { ClassCall, Groups, Serving } from "../../../../src/policy/analysis/diff/class-call.ts";
import { createAccessOf } from "../../../../src/policy/analysis/formulas/access.ts";
import { TRUE } from "../../../../src/policy/analysis/formulas/formula.ts";
import { originsOf } from "../../../../src/policy/analysis/formulas/origins.ts";
import { compiled, policyFileWith } from "../../../support/policy/policy-file.ts";

/** The groups of routes with these patterns. */
function groupsOf(old: string | undefined, now: string | undefined): Groups {
  const groupOf = (path: string | undefined) => {
    if (path === undefined) return undefined;
    const [route] = policyFileWith({}).routes;
    return compiled(policyFileWith({ routes: [{ ...route, path }] })).table.groupAt(0);
  };
  return [groupOf(old), groupOf(now)];
}

/** The route of a policy whose upstream allows path parameters, encoded slashes, both or none. */
function serving(upstream: { allowPathParameters?: boolean; allowEncodedSlash?: boolean } = {}, path?: string) {
  const file = policyFileWith({ upstreams: { orders: { url: "https://orders.example", ...upstream } } });
  const [route] = compiled(file).routes;
  return (
    route && { route: { ...route, path: path ?? route.path }, requirement: route.requirement, access: [TRUE] as const }
  );
}

/** The variants of requests to routes without conditions. */
function callVariants(old: Serving | undefined, now: Serving | undefined, its: ClassCall) {
  return new CallVariants([() => [TRUE], () => [TRUE]]).of(old, now, its);
}

const [open, closed] = [serving({ allowPathParameters: true }), serving()];
const call = { method: "GET", path: "/a/b", label: "GET", groups: groupsOf("/:a/:b", "/:a/:b") };

describe("callVariants, of path parameters,", () => {
  it.each([
    { name: "is served now only", old: closed, now: open, expected: { before: undefined, after: open } },
    { name: "was served only", old: open, now: closed, expected: { before: open, after: undefined } },
    { name: "is served by a new route", old: undefined, now: open, expected: { before: undefined, after: open } },
    {
      name: "was served by a route that is gone",
      old: open,
      now: undefined,
      expected: { before: open, after: undefined },
    },
  ])("gives the request that $name", ({ old, now, expected }) => {
    const variant = {
      ...expected,
      call: { ...call, path: "/a;v=1/b" },
      note: "with path parameters",
      isServedByBoth: false,
    };
    expect(callVariants(old, now, call)).toEqual([variant]);
  });

  it.each([
    { name: "both serve it", old: open, now: open },
    { name: "neither serves it", old: closed, now: closed },
    { name: "no route serves the path", old: undefined, now: undefined },
  ])("gives nothing where $name", ({ old, now }) => {
    expect(callVariants(old, now, call)).toEqual([]);
  });

  it("gives nothing for the root path", () => {
    expect(callVariants(closed, open, { ...call, path: "/" })).toEqual([]);
  });
});

describe("callVariants, of encoded slashes,", () => {
  const slash = (path: string) => serving({ allowEncodedSlash: true }, path);
  const none = (path: string) => serving({}, path);
  const pathsOf = (old: ReturnType<typeof serving>, now: ReturnType<typeof serving>, path: string) =>
    callVariants(old, now, { ...call, path, groups: groupsOf(old?.route.path, now?.route.path) }).map(
      ({ before, after, call: { path: variant }, note }) => [before && "before", after && "after", variant, note],
    );

  it.each([
    { name: "in a parameter", pattern: "/a/:b", path: "/a/x", expected: "/a/x%2Fx" },
    { name: "in the first segment that is free", pattern: "/a/:b/c/:d/", path: "/a/x/c/x/", expected: "/a/x%2Fx/c/x/" },
    { name: "in the first segment of a wildcard", pattern: "/a/*", path: "/a/x", expected: "/a/x%2Fx" },
    { name: "in a wildcard of the root", pattern: "/*", path: "/x", expected: "/x%2Fx" },
  ])("puts it $name", ({ pattern, path, expected }) => {
    const note = "with an encoded slash";
    expect(pathsOf(none(pattern), slash(pattern), path)).toEqual([[undefined, "after", expected, note]]);
    expect(pathsOf(slash(pattern), none(pattern), path)).toEqual([["before", undefined, expected, note]]);
    expect(pathsOf(undefined, slash(pattern), path)).toEqual([[undefined, "after", expected, note]]);
    expect(pathsOf(slash(pattern), slash(pattern), path)).toEqual([]);
  });

  it.each([
    { name: "the other policy has a wildcard there", other: "/a/*", expected: "/a/b/x%2Fx" },
    { name: "the other policy has a literal elsewhere", other: "/:a/b/*", expected: "/a/b/x%2Fx" },
    { name: "the other policy has a parameter there", other: "/a/b/:c", expected: "/a/b/x%2Fx" },
  ])("puts it where neither policy has a literal, if $name", ({ other, expected }) => {
    const groups = groupsOf(other, "/a/b/:c");
    const [variant] = callVariants(none(other), slash("/a/b/:c"), { ...call, path: "/a/b/x", groups });
    expect(variant?.call.path).toBe(expected);
  });

  it.each([
    { name: "all segments are literals", old: none("/a/b"), now: slash("/a/b"), path: "/a/b" },
    { name: "one of the policies has a literal", old: none("/a/:b"), now: slash("/:a/b"), path: "/a/b" },
    { name: "only a trailing slash is left", old: none("/a/"), now: slash("/a/"), path: "/a/" },
    { name: "the path is the root", old: none("/"), now: slash("/"), path: "/" },
  ])("gives nothing where $name", ({ old, now, path }) => {
    expect(pathsOf(old, now, path)).toEqual([]);
  });

  it("gives nothing where the other policy has a literal that lacks the method", () => {
    expect(callVariants(slash("/:a"), undefined, { ...call, path: "/a", groups: groupsOf("/:a", "/a") })).toEqual([]);
  });
});

/** A route of `/:a/:b` with conditions, under an upstream that takes these things. */
function conditional(
  scopes: readonly unknown[],
  upstream: { readonly allowPathParameters?: boolean; readonly allowEncodedSlash?: boolean },
) {
  const policy = compiled(
    policyFileWith({
      upstreams: { orders: { url: "https://orders.example", ...upstream } },
      routes: [{ path: "/:a/:b", methods: ["GET"], scopes, upstream: "orders" }],
    }),
  );
  const accessTo = createAccessOf(policy, originsOf(policy)).byIssuer;
  const [route] = policy.routes;
  return {
    accessTo,
    serving: route && { route, requirement: route.requirement, access: accessTo(route.requirement) },
  };
}

const OWN_A = { param: "a", equals: "sub" };
const OWN_B = { param: "b", equals: "/org" };

describe("callVariants, of routes with conditions,", () => {
  const takesParameters = { allowPathParameters: true };
  const takesSlash = { allowEncodedSlash: true };
  const both = { ...takesParameters, ...takesSlash };
  it.each([
    {
      name: "puts it where no condition looks",
      now: { scopes: [OWN_A], upstream: takesParameters },
      paths: ["/a/b;v=1"],
    },
    {
      name: "puts an encoded slash where no condition looks",
      now: { scopes: [OWN_A], upstream: takesSlash },
      paths: ["/a/b%2Fx"],
    },
    {
      name: "gives one for each segment that leaves another way",
      now: { scopes: [OWN_A, OWN_B], upstream: takesParameters },
      paths: ["/a;v=1/b", "/a/b;v=1"],
    },
    {
      name: "gives none if every caller needs all segments",
      now: { scopes: [{ allOf: [OWN_A, OWN_B] }], upstream: both },
      paths: [],
    },
    {
      name: "leaves out a segment that every caller needs",
      now: { scopes: [{ allOf: [OWN_A, { anyOf: [OWN_B, "read:orders"] }] }], upstream: takesSlash },
      paths: ["/a/b%2Fx"],
    },
    {
      name: "tries all combinations if both policies serve them",
      old: { scopes: [OWN_A], upstream: both },
      now: { scopes: [OWN_B], upstream: both },
      paths: ["/a;v=1/b", "/a/b;v=1", "/a;v=1/b;v=1"],
    },
    {
      name: "tries encoded slashes if both policies serve those only",
      old: { scopes: [OWN_A], upstream: takesSlash },
      now: { scopes: ["read:orders"], upstream: both },
      paths: ["/a;v=1/b", "/a%2Fx/b"],
    },
  ])("$name", ({ old, now, paths }) => {
    const [was, is] = [old && conditional(old.scopes, old.upstream), conditional(now.scopes, now.upstream)];
    const found = new CallVariants([(was ?? is).accessTo, is.accessTo]).of(was?.serving, is.serving, call);
    expect(found.map((variant) => variant.call.path)).toEqual(paths);
    for (const variant of found) expect(variant.isServedByBoth).toBe(variant.before !== undefined);
  });

  it("gives up at more segments than can be tried", () => {
    const scopes = Array.from({ length: 9 }, (_, at) => ({ param: `p${at}`, equals: `/c${at}` }));
    const routeOf = (count: number) =>
      compiled(
        policyFileWith({
          upstreams: { orders: { url: "https://orders.example", allowPathParameters: true } },
          routes: [
            {
              path: scopes.map((_, at) => `/:p${at}`).join(""),
              methods: ["GET"],
              scopes: scopes.slice(0, count),
              upstream: "orders",
            },
          ],
        }),
      ).routes[0];
    const variantsOf = (count: number) => {
      const route = routeOf(count);
      const it = route && { route, requirement: route.requirement, access: [TRUE] as const };
      return callVariants(it, it, { ...call, path: "/a/b/c/d/e/f/g/h/i", groups: [undefined, undefined] });
    };
    expect(variantsOf(8)).toHaveLength(255);
    expect(() => variantsOf(9)).toThrow(expect.objectContaining({ code: "too-many-path-classes" }));
  });
});

it("an upstream that takes both gives both variants", () => {
  const both = serving({ allowPathParameters: true, allowEncodedSlash: true }, "/:a/:b");
  const paths = callVariants(undefined, both, call).map((variant) => variant.call.path);
  expect(paths).toEqual(["/a;v=1/b", "/a%2Fx/b"]);
});

it("variantsTaken tells apart what upstreams take", () => {
  const settings = [false, true].flatMap((allowPathParameters) =>
    [false, true].map((allowEncodedSlash) => ({ allowPathParameters, allowEncodedSlash })),
  );
  const numbers = settings.flatMap((it) => serving(it) ?? []).map(({ route }) => variantsTaken(route.upstream));
  expect(new Set(numbers).size).toBe(4);
  expect(numbers[0]).toBe(0);
});
