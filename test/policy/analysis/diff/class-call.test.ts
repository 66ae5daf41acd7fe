import { describe, expect, it } from "vitest";
import { callVariants, type Groups, variantsTaken } from "../../../../src/policy/analysis/diff/class-call.ts";
import { TRUE } from "../../../../src/policy/analysis/formulas/formula.ts";
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
  return route && { route: { ...route, path: path ?? route.path }, access: [TRUE] };
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
    const variant = { ...expected, call: { ...call, path: "/a;v=1/b" }, note: "with path parameters" };
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
