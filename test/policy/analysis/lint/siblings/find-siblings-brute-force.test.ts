import fc from "fast-check";
import { expect, it } from "vitest";
import { findSiblings } from "../../../../../src/policy/analysis/lint/siblings/find-siblings.ts";
import { patternEndings } from "../../../../../src/policy/analysis/lint/siblings/pattern-endings.ts";
import { routeTree } from "../../../../../src/policy/analysis/route-tree.ts";
import type { RouteGroup } from "../../../../../src/policy/policy.ts";
import { COLLECTION } from "../../../../support/policy/lints.ts";
import { compiled, policyFileWith } from "../../../../support/policy/policy-file.ts";

const segment = fc.constantFrom("a", "A", "b", ":x", ":x");
const pattern = fc
  .record({ segments: fc.array(segment, { minLength: 1, maxLength: 3 }), end: fc.constantFrom("", "", "/", "/*") })
  .map(({ segments, end }) => `/${segments.map((it, at) => (it === ":x" ? `:x${at}` : it)).join("/")}${end}`);
const patterns = fc.uniqueArray(pattern, { minLength: 2, maxLength: 8, selector: (it) => it.replace(/:x\d/g, ":") });

/** Every text that is read like a segment. No pattern has `c`, in either case. */
const alike = (text: string) => [...new Set([text.toLowerCase(), text.toUpperCase()])];

/** Every path that is read like a path of a pattern, with the number of changes. */
function readAlike(segments: readonly { kind: string; text: string }[], hasSlash: boolean) {
  let paths = [{ path: "", changes: 0 }];
  for (const { kind, text } of segments) {
    const texts = kind === "literal" ? alike(text) : [text];
    paths = paths.flatMap(({ path, changes }) =>
      texts.map((other) => ({ path: `${path}/${other}`, changes: changes + Number(other !== text) })),
    );
  }
  return paths.flatMap(({ path, changes }) =>
    ["", "/"].map((end) => ({ path: path + end, changes: changes + Number((end === "/") !== hasSlash) })),
  );
}

const nameOf = (own: RouteGroup, other: RouteGroup) => `${own.shape} ${other.shape}`;

it("finds what one change leads to, and nothing that no change leads to", () => {
  fc.assert(
    fc.property(patterns, (paths) => {
      const policy = compiled(policyFileWith({ routes: paths.map((path) => ({ ...COLLECTION, path })) }));
      const found = new Set(
        findSiblings(policy).siblings.flatMap(({ own, other, isBelow }) => (isBelow ? [] : nameOf(own, other))),
      );
      const oneChange = new Set<string>();
      const anyChange = new Set<string>();
      for (const { group, segments, ending } of patternEndings(routeTree(policy))) {
        for (const { path, changes } of readAlike(segments, ending === "slash")) {
          const other = policy.table.match(path);
          if (other === undefined || other === group) continue;
          anyChange.add(nameOf(group, other));
          if (changes === 1) oneChange.add(nameOf(group, other));
        }
      }
      expect([...oneChange.difference(found)]).toEqual([]);
      // A suffix leads to where a text leads that no pattern has.
      const bySuffix = (name: string) => / .*:|\*$/.test(name);
      expect([...found.difference(anyChange)].filter((name) => !bySuffix(name))).toEqual([]);
    }),
    { numRuns: 500 },
  );
});

/** They have at most three segments. */
const short = patterns.map((all) => all.filter((it) => it.split("/").length <= 4));

/** Paths of up to four segments, with and without a trailing slash, and with every choice of slashes to encode. */
const ENCODED: readonly string[] = (() => {
  const paths: string[] = [];
  let longest = ["/a", "/A", "/b", "/~any~"];
  for (let depth = 1; depth < 4; depth++) {
    longest = longest.flatMap((path) =>
      ["/", "%2F"].flatMap((slash) => ["a", "A", "b", "~any~"].map((text) => path + slash + text)),
    );
    paths.push(...longest.flatMap((path) => [path, `${path}/`]));
  }
  return paths.filter((path) => path.includes("%2F"));
})();

it("finds all paths with an encoded slash that are other paths once it is decoded", () => {
  let count = 0;
  fc.assert(
    fc.property(short, fc.boolean(), (paths, isSome) => {
      fc.pre(paths.length > 0);
      const upstreams = {
        some: { url: "https://some.example", allowEncodedSlash: true },
        none: { url: "https://none.example" },
      };
      const routes = paths.map((path, at) => ({
        ...COLLECTION,
        path,
        upstream: isSome && at % 2 === 0 ? "none" : "some",
      }));
      const policy = compiled(policyFileWith({ upstreams, routes }));
      const found = new Set<string>();
      for (const { own, other, path } of findSiblings(policy).siblings) {
        if (!path.includes("%2F")) continue;
        expect([policy.table.match(path), policy.table.match(decodeURIComponent(path))]).toEqual([other, own]);
        found.add(nameOf(own, other));
      }
      const expected = new Set<string>();
      for (const path of ENCODED) {
        const [own, other] = [policy.table.match(path.replaceAll("%2F", "/")), policy.table.match(path)];
        const isTaken = other?.byMethod.get("GET")?.upstream.allowEncodedSlash;
        if (own && other && own !== other && isTaken) expected.add(nameOf(own, other));
      }
      expect([...found].sort()).toEqual([...expected].sort());
      count += found.size;
    }),
    { numRuns: 300 },
  );
  expect(count).toBeGreaterThan(100);
});
