import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { pathClasses } from "../../../../src/policy/analysis/paths/path-classes.ts";
import { selectionTree } from "../../../../src/policy/analysis/proof/path-selection.ts";
import { routeTree } from "../../../../src/policy/analysis/route-tree.ts";
import { UndecidedError } from "../../../../src/policy/analysis/undecided-error.ts";
import type { RouteGroup } from "../../../../src/policy/policy.ts";
import { largePolicyFile } from "../../../support/policy/large-policy.ts";
import { compiled, policyFileWith } from "../../../support/policy/policy-file.ts";
import { ALL_PATHS, pattern, randomPolicyPair, runs } from "../../../support/policy/random-policy.ts";

const routesOf = (paths: readonly string[]) =>
  compiled(
    policyFileWith({ routes: paths.map((path) => ({ path, methods: ["GET"], public: true, upstream: "orders" })) }),
  );

/** Shape and representative of each class. */
const classesOf = (...paths: string[]) =>
  Array.from(pathClasses([routeTree(routesOf(paths))]), ({ path, leaves: [leaf] }) => [leaf?.shape, path]);

describe("a class has one of its shortest paths", () => {
  test.each([
    { name: "the root", input: ["/"], expected: [["/", "/"]] },
    { name: "a literal", input: ["/a/b"], expected: [["/a/b", "/a/b"]] },
    {
      name: "a parameter is met by a segment that no sibling has",
      input: ["/a/:id", "/a/x", "/a/x1"],
      expected: [
        ["/a/x", "/a/x"],
        ["/a/x1", "/a/x1"],
        ["/a/:", "/a/x2"],
      ],
    },
    { name: "a wildcard", input: ["/a/*"], expected: [["/a/*", "/a/x"]] },
    {
      name: "a wildcard where every single segment has another pattern",
      input: ["/a/*", "/a/:id"],
      expected: [
        ["/a/:", "/a/x"],
        ["/a/*", "/a/x/"],
      ],
    },
    {
      name: "a wildcard further up takes the trailing slash of a literal",
      input: ["/*", "/:a", "/:a/*"],
      expected: [
        ["/:", "/x"],
        ["/*", "/x/"],
        ["/:/*", "/x/x"],
      ],
    },
    {
      name: "a literal with a slash",
      input: ["/a/", "/a"],
      expected: [
        ["/a", "/a"],
        ["/a/", "/a/"],
      ],
    },
    { name: "a slash alone", input: ["/a/b/"], expected: [["/a/b/", "/a/b/"]] },
    {
      name: "a parameter with a slash, beside a literal with one",
      input: ["/a/:id/", "/a/x/"],
      expected: [
        ["/a/x/", "/a/x/"],
        ["/a/:/", "/a/x1/"],
      ],
    },
    {
      name: "a slash that a literal's wildcard leaves to a parameter",
      input: ["/a/*", "/:x/"],
      expected: [
        ["/:/", "/x/"],
        ["/a/*", "/a/x"],
      ],
    },
    { name: "an escaped literal", input: ["/a%20b/@me"], expected: [["/a b/@me", "/a%20b/@me"]] },
  ])("$name", ({ input, expected }) => {
    expect(classesOf(...input).map(([shape, path]) => [decodeURIComponent(shape ?? ""), path])).toEqual(expected);
  });
});

test("a class may have other shortest paths, such as the slash that a literal's wildcard leaves to a parameter", () => {
  expect(routesOf(["/a/*", "/:x/"]).table.match("/a/")?.shape).toBe("/:/");
});

test("each class of two random policies has what matching finds, and no path is in a class that is not there", () => {
  fc.assert(
    fc.property(randomPolicyPair, (files) => {
      const [before, after] = [compiled(files.before), compiled(files.after)];
      const found = new Map(
        Array.from(pathClasses([routeTree(before), routeTree(after)]), ({ path, leaves }) => {
          expect([before.table.match(path), after.table.match(path)]).toEqual([...leaves]);
          return [leaves.map((leaf) => leaf?.shape).join("|"), path];
        }),
      );
      const expected = ALL_PATHS.map((path) => [before.table.match(path), after.table.match(path)])
        .filter((leaves) => leaves.some((leaf) => leaf !== undefined))
        .map((leaves) => leaves.map((leaf) => leaf?.shape).join("|"));
      expect([...found.keys()].sort()).toEqual([...new Set(expected)].sort());
    }),
    runs(300),
  );
});

test("classes that are found together are those that are found one by one, and each path is in its class", () => {
  let together = 0;
  const routesAt = (...paths: string[]) =>
    paths.map((path) => ({ path, methods: ["GET"], public: true, upstream: "u" }));
  // Random pairs seldom have classes that are found together. Every second pair surely has some.
  const pairs = fc.oneof(
    randomPolicyPair,
    randomPolicyPair.map(({ before, after }) => ({
      before: { ...before, routes: routesAt("/:p0/b/*", "/a/*", "/:p0/a/*") },
      after: { ...after, routes: routesAt("/", "/:p0/b/*", "/:p0/a/*") },
    })),
  );
  fc.assert(
    fc.property(pairs, (files) => {
      const [before, after] = [compiled(files.before), compiled(files.after)];
      const trees = [routeTree(before), routeTree(after)] as const;
      const nameOf = (leaves: readonly (RouteGroup | undefined)[]) => leaves.map((leaf) => leaf?.shape).join("|");
      const expected = Array.from(pathClasses(trees), ({ leaves }) => nameOf(leaves));
      const found = new Set<string>();
      for (const { path, leaves, alike } of pathClasses(trees, { leastAlike: 2 })) {
        expect([before.table.match(path), after.table.match(path)]).toEqual([...leaves]);
        found.add(nameOf(leaves));
        if (alike) together += 1;
        for (const [index, leaf] of alike?.of.leaves.entries() ?? []) {
          const each = leaves.map((it, tree) => (tree === alike?.tree ? leaf : it));
          const its = alike?.pathOf(index) ?? "";
          expect([before.table.match(its), after.table.match(its)]).toEqual(each);
          found.add(nameOf(each));
        }
      }
      expect([...found].sort()).toEqual(expected.sort());
    }),
    runs(300),
  );
  expect(together).toBeGreaterThan(0);
}, 30_000);

test("`needed` trees must match, the others may", () => {
  const [one, other] = [routeTree(routesOf(["/a", "/b"])), routeTree(routesOf(["/b", "/c"]))];
  const paths = (needed: number) => Array.from(pathClasses([one, other], { needed }), ({ path }) => path).sort();
  expect(paths(0)).toEqual(["/a", "/b", "/c"]);
  expect(paths(1)).toEqual(["/a", "/b"]);
  expect(paths(2)).toEqual(["/b"]);
});

describe("a selection takes in", () => {
  const selects = (selection: { patterns?: string[]; under?: string[] }, path: string) => {
    const tree = selectionTree({ patterns: [], under: [], ...selection });
    // The path itself becomes a pattern, so it is a class of its own.
    const exact = routeTree(routesOf([path]));
    return [...pathClasses([exact], { selections: [tree] })].some((it) => it.path === path && it.leaves[1] === true);
  };
  test.each([
    { name: "a pattern's path", input: { patterns: ["/a"] }, path: "/a", expected: true },
    { name: "nothing beneath a pattern", input: { patterns: ["/a"] }, path: "/a/b", expected: false },
    { name: "what a wildcard covers", input: { patterns: ["/a/*"] }, path: "/a/b", expected: true },
    { name: "not the path before a wildcard", input: { patterns: ["/a/*"] }, path: "/a", expected: false },
    { name: "a path under itself", input: { under: ["/a"] }, path: "/a", expected: true },
    { name: "what is under a path", input: { under: ["/a"] }, path: "/a/b", expected: true },
    { name: "what is under a parameter", input: { under: ["/:x/b"] }, path: "/a/b/c", expected: true },
    { name: "no path that only begins alike", input: { under: ["/a"] }, path: "/ab", expected: false },
    { name: "the root under the root", input: { under: ["/"] }, path: "/", expected: true },
    { name: "a path under the root, with a slash", input: { under: ["/"] }, path: "/a/", expected: true },
    { name: "a path with a slash", input: { patterns: ["/a/"] }, path: "/a/", expected: true },
    { name: "not the path before the slash", input: { patterns: ["/a/"] }, path: "/a", expected: false },
    { name: "no slash of a pattern without one", input: { patterns: ["/a"] }, path: "/a/", expected: false },
    { name: "no slash of a parameter", input: { patterns: ["/a/:x"] }, path: "/a/", expected: false },
    { name: "no slash before a wildcard", input: { patterns: ["/a/*"] }, path: "/a/", expected: false },
    { name: "a slash beneath a wildcard", input: { patterns: ["/a/*"] }, path: "/a/b/", expected: true },
    { name: "a slash after a parameter", input: { patterns: ["/a/:x/"] }, path: "/a/b/", expected: true },
    { name: "a path under itself, with a slash", input: { under: ["/a"] }, path: "/a/", expected: true },
  ])("$name", ({ input, path, expected }) => {
    expect(selects(input, path)).toBe(expected);
  });

  test.each([
    { name: "no trailing slash of a pattern", input: { patterns: ["/a", "/a/*"] }, expected: undefined },
    { name: "the trailing slash of what a wildcard covers", input: { patterns: ["/*"] }, expected: true },
    { name: "a trailing slash under a path", input: { under: ["/a"] }, expected: true },
  ])("$name", ({ input, expected }) => {
    const policy = compiled(
      policyFileWith({
        routes: ["/*", "/:x", "/:x/*"].map((path) => ({ path, methods: ["GET"], public: true, upstream: "orders" })),
      }),
    );
    const only = [
      ...pathClasses([routeTree(policy)], { selections: [selectionTree({ patterns: [], under: [], ...input })] }),
    ];
    // Of the route `/*` the other two leave nothing but trailing slashes.
    expect(only.find(({ leaves }) => leaves[0]?.shape === "/*" && leaves[1] === expected)?.path).toMatch(/^\/\w+\/$/);
  });
});

test("any random selection takes in what one of its patterns would match on its own", () => {
  fc.assert(
    fc.property(fc.array(pattern, { maxLength: 4 }), (patterns) => {
      const everything = routeTree(routesOf(["/", "/*"]));
      const alone = patterns.map((it) => routesOf([it]).table);
      for (const { path, leaves } of pathClasses([everything], {
        selections: [selectionTree({ patterns, under: [] })],
      })) {
        expect(leaves[1] === true).toBe(alone.some((table) => table.match(path) !== undefined));
      }
    }),
    runs(200),
  );
});

describe("patterns that overlap too much", () => {
  // Each of two prefixes goes with each of three names that the other policy has below a parameter.
  const [one, other] = [
    routeTree(routesOf(["/a/:x/y", "/b/:x/y"])),
    routeTree(routesOf(["/:p/c/y", "/:p/d/y", "/:p/e"])),
  ];
  test("are walked while the steps suffice", () => {
    // Two new patterns, two old ones, each pair of them, and the old one that is too short for a pair.
    expect([...pathClasses([one, other], { maxSteps: 100 })]).toHaveLength(2 + 3 + 2 * 2);
  });
  test("just inside and just outside the limit", () => {
    let steps = 0;
    const fits = (maxSteps: number) => {
      try {
        return [...pathClasses([one, other], { maxSteps })].length > 0;
      } catch (error) {
        expect(error).toBeInstanceOf(UndecidedError);
        expect(error).toMatchObject({ code: "too-many-path-classes" });
        return false;
      }
    };
    while (!fits(steps)) steps++;
    expect(steps).toBeGreaterThan(4);
    expect(fits(steps - 1)).toBe(false);
  });
  test("are named, with an example", () => {
    expect(() => [...pathClasses([one, other], { maxSteps: 5 })]).toThrow(
      "The path patterns overlap in too many ways: the search ended after 5 steps.",
    );
  });
});

test("trailing slashes cost no steps of their own", () => {
  const count = 300;
  const plain = Array.from({ length: count }, (_, at) => [`/p${at}`, `/:a/x${at}`, "/:a/:b"]).flat();
  const paths = [...new Set(plain)];
  const withSlashes = paths.concat(paths.map((path) => `${path}/`));
  expect([...pathClasses([routeTree(routesOf(withSlashes))], { maxSteps: 0 })]).toHaveLength(4 * count + 2);
});

test("prefixes beside a parameter with as many names below it are not multiplied", () => {
  const count = 300;
  const paths = Array.from({ length: count }, (_, at) => [`/p${at}/y`, `/:a/x${at}`]).flat();
  expect([...pathClasses([routeTree(routesOf(paths))], { maxSteps: 0 })]).toHaveLength(2 * count);
});

describe("the same subtree in many places", () => {
  const paths = (prefixes: readonly string[]) => [
    ...new Set(largePolicyFile({ routes: 2_000, prefixes }).routes.map(({ path }) => path)),
  ];
  const prefixes = ["", "/:tenant", "/:region/:tenant", "/fixed", "/fixed/:tenant"];
  const all = paths(prefixes);
  const tree = routeTree(routesOf(all));

  test("costs one step along each pattern, and no combination", () => {
    expect([...pathClasses([tree], { maxSteps: 0 })]).toHaveLength(all.length);
    expect([...pathClasses([tree, routeTree(routesOf(all.toReversed()))], { maxSteps: 0 })]).toHaveLength(all.length);
  });

  test("costs what one new pattern is combined with", () => {
    const changed = routeTree(routesOf([...all, "/:tenant/new/:id", "/new/:id"]));
    const found = [...pathClasses([tree, changed], { maxSteps: 10_000 })];
    expect(found.filter(({ leaves: [old, now] }) => old?.shape !== now?.shape).length).toBeGreaterThan(10);
  });

  test("costs what a selection picks", () => {
    const selections = [selectionTree({ patterns: ["/resource-1/:id", "/:tenant/resource-2"], under: ["/fixed"] })];
    expect([...pathClasses([tree], { selections, needed: 2, maxSteps: 1_000 })].length).toBeGreaterThan(10);
  });
});
