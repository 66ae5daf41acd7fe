import fc from "fast-check";
import { expect, test } from "vitest";
import { canonicalPath, hasEncodedSlash, hasPathParameters } from "../../../src/policy/routing/canonical-path.ts";
import { pathReadings } from "../../support/hostile/path-readings.ts";

const HEX = "0123456789abcdefABCDEF";
/** Paths made of escapes, of bytes that are UTF-8 or not, of separators, and of any text. */
const anyPath = fc
  .array(
    fc.oneof(
      {
        arbitrary: fc.constantFrom("/", "/", "/", ".", "..", ";", "\\", "%", "%25", "%2", "?", "#", "a", "A"),
        weight: 4,
      },
      { arbitrary: fc.tuple(fc.constantFrom(...HEX), fc.constantFrom(...HEX)).map(([a, b]) => `%${a}${b}`), weight: 3 },
      { arbitrary: fc.string({ unit: "binary", maxLength: 4 }), weight: 1 },
      {
        arbitrary: fc
          .string({ unit: "grapheme", minLength: 1, maxLength: 2 })
          .map((text) => encodeURIComponent(text.toWellFormed())),
        weight: 1,
      },
    ),
    { maxLength: 16 },
  )
  .map((parts) => `/${parts.join("")}`);

/** As a request's path is read: `URL` has escaped what must be, and folded dot segments. */
const asReceived = (path: string): string => new URL(`http://gateway.example${path}`).pathname;

test("a canonical path is one in every spelling that a URL parser makes of it", () => {
  fc.assert(
    fc.property(anyPath, (path) => {
      const result = canonicalPath(asReceived(path));
      if (!result.ok) return;
      const canonical = result.value;
      expect(canonical).toMatch(/^\/[!-~]*$/);
      expect(canonicalPath(asReceived(canonical))).toEqual(result);
      expect(canonicalPath(canonical.replace(/[a-z]/g, (letter) => `%${letter.charCodeAt(0).toString(16)}`))).toEqual(
        result,
      );
      expect(canonicalPath(canonical.replace(/%../g, (octet) => octet.toLowerCase()))).toEqual(result);
    }),
    { numRuns: 5_000 },
  );
});

test("a canonical path without parameters means the same in every common reading, decoded or not", () => {
  let accepted = 0;
  fc.assert(
    fc.property(anyPath, (path) => {
      const result = canonicalPath(asReceived(path));
      if (!result.ok || hasPathParameters(result.value)) return;
      const canonical = result.value;
      accepted += 1;
      const readings = pathReadings(canonical, { ignoringCase: false });
      expect(new Set([canonical, decodeURIComponent(canonical)])).toEqual(readings);
    }),
    { numRuns: 5_000 },
  );
  expect(accepted).toBeGreaterThan(500);
});

test("a canonical path with parameters means the same in every common reading once they are cut", () => {
  const cut = (path: string) => path.replace(/(?:;|%3B)[^/]*/g, "");
  fc.assert(
    fc.property(anyPath, (path) => {
      const result = canonicalPath(asReceived(path));
      if (!result.ok) return;
      const canonical = result.value;
      const readings = [...pathReadings(canonical, { ignoringCase: false })];
      expect(new Set(readings.map(cut))).toEqual(new Set([cut(canonical), decodeURIComponent(cut(canonical))]));
    }),
    { numRuns: 5_000 },
  );
});

test("a canonical path with encoded slashes means the same in every common reading, or the same with slashes", () => {
  let accepted = 0;
  const slashed = fc.tuple(anyPath, fc.constantFrom("%2F", "%2f", "%2F..%2F", "%2F."), anyPath);
  fc.assert(
    fc.property(
      slashed.map(([before, slash, after]) => before + slash + after.slice(1)),
      (path) => {
        const result = canonicalPath(asReceived(path), true);
        if (!result.ok || hasPathParameters(result.value) || !hasEncodedSlash(result.value)) return;
        const canonical = result.value;
        accepted += 1;
        const readings = pathReadings(canonical, { ignoringCase: false });
        expect(new Set([canonical, decodeURIComponent(canonical)])).toEqual(readings);
      },
    ),
    { numRuns: 5_000 },
  );
  expect(accepted).toBeGreaterThan(20);
});

test("canonicalization takes any text without an exception", () => {
  fc.assert(
    fc.property(fc.oneof(anyPath, fc.string({ unit: "binary" })), (path) => {
      const result = canonicalPath(path);
      if (result.ok) expect(canonicalPath(result.value)).toEqual(result);
      else expect(["path-ambiguous", "path-too-long"]).toContain(result.failure.reason);
    }),
    { numRuns: 5_000 },
  );
});
