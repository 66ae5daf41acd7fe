import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import type { Policy } from "../../../src/policy/policy.ts";
import { canonicalPath } from "../../../src/policy/routing/canonical-path.ts";
import { parsePathPattern } from "../../../src/policy/routing/path-pattern.ts";
import { PatternIndex } from "../../../src/policy/routing/pattern-index.ts";
import { routeFor } from "../../../src/policy/routing/route-table.ts";
import { success } from "../../../src/result.ts";
import { compiled, policyFile } from "../../support/policy/policy-file.ts";

/** A policy with a route for each pattern, all of the same method. */
function policyOf(patterns: readonly string[]): Policy {
  const file = policyFile();
  const routes = patterns.map((path) => ({ path, methods: ["GET"], scopes: ["read:orders"], upstream: "orders" }));
  return compiled({
    ...file,
    upstreams: { orders: { url: "https://orders.example", allowPathParameters: true } },
    routes,
  });
}

const segment = fc.constantFrom("a", "b", "@me", "%40me", "caf%C3%A9", "a.b", "..a", "%20", "~", "A");
/** How a pattern can end: as it is, with a wildcard, or with a trailing slash. */
const ending = fc.constantFrom([], ["*"], [""]);
const shape = fc
  .tuple(fc.array(fc.oneof({ arbitrary: segment, weight: 3 }, fc.constant(":")), { maxLength: 4 }), ending)
  .map(([parts, end]) => {
    const named = parts.map((part, at) => (part === ":" ? `:p${at}` : part));
    // The slash of the root is not a trailing slash.
    return `/${[...named, ...(named.length === 0 && end[0] === "" ? [] : end)].join("/")}`;
  });
/** What makes two patterns one: literals are compared decoded, names do not count. */
const sameShape = (pattern: string): string => decodeURIComponent(pattern.replace(/:p\d/g, ":"));
const parameters = fc.constantFrom("", "", "", ";", ";x=1", "%3B", "%3By;z", "%2Fa", "%2Fb;x", "%2F%40me");
const requested = fc
  .tuple(
    fc.array(
      fc.tuple(segment, parameters).map(([text, end]) => text + end),
      { maxLength: 5 },
    ),
    fc.boolean(),
  )
  .map(([parts, hasSlash]) => `/${parts.join("/")}${hasSlash && parts.length > 0 ? "/" : ""}`);

/** The pattern that serves a path, found by trying all of them on the path taken apart: no tree, no offsets. */
function naiveMatch(patterns: readonly string[], path: string): string | undefined {
  const split = (text: string) => (text === "/" ? [] : text.slice(1).split("/"));
  const segments = split(path).map((part) => decodeURIComponent(part.split(/;|%3B/)[0] ?? ""));
  const rank = (part: string | undefined) => (part === "*" ? 2 : part?.startsWith(":") ? 1 : 0);
  const [best] = patterns
    .filter((pattern) => {
      const parts = split(pattern);
      const isOpen = parts.at(-1) === "*";
      if (isOpen ? segments.length < parts.length : segments.length !== parts.length) return false;
      return parts.every((part, at) =>
        rank(part) > 0 ? segments[at] !== "" : decodeURIComponent(part) === segments[at],
      );
    })
    .sort((one, other) => {
      const [a, b] = [split(one).map(rank), split(other).map(rank)];
      const at = a.findIndex((kind, index) => kind !== b[index]);
      return at === -1 ? 0 : (a[at] ?? 0) - (b[at] ?? 0);
    });
  return best;
}

test("matching agrees with trying every pattern, escapes, path parameters and encoded slashes included", () => {
  let [found, slashes, encoded] = [0, 0, 0];
  fc.assert(
    fc.property(
      fc.uniqueArray(shape, { selector: sameShape, minLength: 1, maxLength: 12 }),
      requested,
      (patterns, path) => {
        const canonical = canonicalPath(path, true);
        fc.pre(canonical.ok);
        const matched = canonical.ok ? canonical.value : "";
        const group = policyOf(patterns).table.match(matched);
        expect(group && routeFor(group, "GET")?.path).toBe(naiveMatch(patterns, matched));
        if (group !== undefined) found += 1;
        if (group?.shape.endsWith("/") && matched !== "/") slashes += 1;
        if (group !== undefined && matched.includes("%2F")) encoded += 1;
      },
    ),
    // Of 1,000 runs, sometimes fewer than ten found a path with a slash at its end.
    { numRuns: 3_000 },
  );
  expect(found).toBeGreaterThan(50);
  expect(slashes).toBeGreaterThan(10);
  expect(encoded).toBeGreaterThan(10);
});

test("a pattern is refused with a hint, or serves the paths that it describes", () => {
  const piece = fc.oneof(
    fc.constantFrom("/", "/", "/:a", "/:b", "/*", "*", ":", ";", "%", "%2F", "%41", "?", "é"),
    fc.string({ maxLength: 3 }),
  );
  const text = fc.array(piece, { maxLength: 6 }).map((parts) => `/${parts.join("")}`.replace(/^\/\//, "/"));
  fc.assert(
    fc.property(text, (pattern) => {
      const segments = parsePathPattern(pattern);
      if (!segments.ok) {
        expect(segments.failure.hint).not.toBe("");
        return;
      }
      const path = pattern.replace(/\/:[A-Za-z0-9_]+/g, "/x").replace(/\*$/, "x/y/");
      expect(canonicalPath(path)).toEqual(success(path));
      const group = policyOf([pattern]).table.match(path);
      expect(group && routeFor(group, "GET")?.path).toBe(pattern);
    }),
    { numRuns: 3_000 },
  );
});

describe("the cost of a lookup, in segments that are compared", () => {
  function looksFor(patterns: readonly string[], path: string): number {
    const index = new PatternIndex(patterns);
    // The first look opens the nodes on its way.
    index.find(path);
    const look = vi.spyOn(Map.prototype, "get");
    index.find(path);
    const looks = look.mock.calls.length;
    look.mockRestore();
    expect(looks).toBeGreaterThan(0);
    return looks;
  }

  const shop = (size: number) =>
    Array.from({ length: size }, (_, at) => [`/shop/p${at}`, `/shop/p${at}/:id`, `/shop/p${at}/:id/*`]).flat();

  test.each(["/shop/p3/42/reviews/1", "/shop/p7", "/shop/nothing/here"])(
    "does not grow with the number of routes: %s",
    (path) => {
      expect(looksFor(shop(1_000), path)).toBe(looksFor(shop(10), path));
    },
  );

  test("does not grow with the length of a path that outgrows every pattern", () => {
    const patterns = ["/:a/:b/c", "/a/:b/d", "/a/b/*"];
    expect(looksFor(patterns, `/a/b${"/x".repeat(4_000)}`)).toBe(looksFor(patterns, `/a/b${"/x".repeat(4)}`));
  });

  test("is never more than the patterns have segments, however they overlap", () => {
    const overlapping = Array.from({ length: 64 }, (_, bits) =>
      [5, 4, 3, 2, 1, 0].map((bit) => ((bits >> bit) & 1 ? "/a" : `/:p${bit}`)).join(""),
    );
    expect(looksFor(overlapping, "/a/a/a/a/a/b")).toBeLessThanOrEqual(overlapping.length * 6);
  });
});
