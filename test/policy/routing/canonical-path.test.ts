import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MAX_PATH_BYTES } from "../../../src/limits.ts";
import { canonicalPath, hasEncodedSlash, hasPathParameters } from "../../../src/policy/routing/canonical-path.ts";
import { failure, success } from "../../../src/result.ts";

describe("a path that has one reading", () => {
  test.each([
    { name: "stays as it is", input: "/orders/42", expected: "/orders/42" },
    { name: "may be the root", input: "/", expected: "/" },
    { name: "may end with a slash", input: "/orders/", expected: "/orders/" },
    { name: "may hold dots within segments", input: "/.well-known/a..b/...", expected: "/.well-known/a..b/..." },
    { name: "may hold a dot in front of a segment beside an escape", input: "/.a/%2C", expected: "/.a/%2C" },
    { name: "may hold dots in front of its last segment", input: "/%2C/..a", expected: "/%2C/..a" },
    { name: "has unreserved characters decoded", input: "/%41%7a%30%2D%2e%5F%7e", expected: "/Az0-._~" },
    { name: "has other escapes in upper case", input: "/%c3%a9%3a", expected: "/%C3%A9%3A" },
    { name: "keeps reserved characters escaped", input: "/%40me%3F%23", expected: "/%40me%3F%23" },
    { name: "keeps an escaped percent sign", input: "/100%25", expected: "/100%25" },
    { name: "keeps an escaped percent sign before one hex digit", input: "/%25a/", expected: "/%25a/" },
    { name: "keeps a character of four bytes", input: "/%F0%9F%98%80", expected: "/%F0%9F%98%80" },
    { name: "keeps path parameters", input: "/orders;v=1/42%3bx", expected: "/orders;v=1/42%3Bx" },
    { name: "keeps sub-delimiters", input: "/a!$&'()*+,=:@b|c[d]", expected: "/a!$&'()*+,=:@b|c[d]" },
    { name: "keeps the first character after the C1 controls", input: "/%C2%A0", expected: "/%C2%A0" },
  ])("$name", ({ input, expected }) => {
    expect(canonicalPath(input)).toEqual(success(expected));
  });
});

describe("a path that two servers could read in two ways is ambiguous", () => {
  test.each([
    { name: "a malformed escape", input: "/%4", detail: "malformed escape" },
    { name: "an escape of other than hex digits", input: "/%zz", detail: "malformed escape" },
    { name: "a bare percent sign", input: "/100%", detail: "malformed escape" },
    { name: "a broken UTF-8 sequence", input: "/%C3", detail: "not UTF-8" },
    { name: "an overlong slash", input: "/%C0%AF", detail: "not UTF-8" },
    { name: "an encoded surrogate", input: "/%ED%A0%80", detail: "not UTF-8" },
    { name: "an encoded slash", input: "/a%2Fb", detail: "encoded separator" },
    { name: "an encoded slash in lower case", input: "/a%2fb", detail: "encoded separator" },
    { name: "an encoded backslash", input: "/a%5cb", detail: "encoded separator" },
    { name: "an encoded NUL", input: "/a%00", detail: "encoded separator or control" },
    { name: "the last of the C0 controls", input: "/a%1F", detail: "encoded separator or control" },
    { name: "an encoded DEL", input: "/a%7f", detail: "encoded separator or control" },
    { name: "the first of the C1 controls", input: "/a%c2%80", detail: "encoded separator or control" },
    { name: "the last of the C1 controls", input: "/a%C2%9F", detail: "encoded separator or control" },
    { name: "double encoding", input: "/a%252Fb", detail: "encoded twice" },
    { name: "double encoding of a harmless character", input: "/%2541", detail: "encoded twice" },
    { name: "double encoding whose digits are escaped", input: "/%25%32F", detail: "encoded twice" },
    { name: "triple encoding", input: "/%25252F", detail: "encoded twice" },
    { name: "an empty segment", input: "/orders//42", detail: "empty segment" },
    { name: "an empty segment in front", input: "//host/orders", detail: "empty segment" },
    { name: "an empty segment at the end", input: "/orders//", detail: "empty segment" },
    { name: "a segment of parameters only", input: "/;x/orders", detail: "empty segment" },
    { name: "a last segment of parameters only", input: "/orders/;x", detail: "empty segment" },
    { name: "a segment of encoded parameters only", input: "/orders/%3bx", detail: "empty segment" },
    { name: "a dot segment", input: "/a/./b", detail: "dot segment" },
    { name: "two dots", input: "/a/../b", detail: "dot segment" },
    { name: "a dot segment at the end", input: "/a/.", detail: "dot segment" },
    { name: "two dots at the end", input: "/a/..", detail: "dot segment" },
    { name: "encoded dots", input: "/a/%2e%2E/b", detail: "dot segment" },
    { name: "one of two dots encoded", input: "/a/.%2e", detail: "dot segment" },
    { name: "two dots before parameters", input: "/a/..;x/b", detail: "dot segment" },
    { name: "a dot before parameters", input: "/a/.;", detail: "dot segment" },
    { name: "encoded dots before an encoded semicolon", input: "/a/%2e%2e%3bx/b", detail: "dot segment" },
    { name: "dots after a parameter", input: "/a;x/../b", detail: "dot segment" },
    { name: "a backslash", input: "/a\\b", detail: "must be escaped" },
    { name: "a control", input: "/a\nb", detail: "must be escaped" },
    { name: "a space", input: "/a b", detail: "must be escaped" },
    { name: "a character outside ASCII", input: "/café", detail: "must be escaped" },
    { name: "a query", input: "/a?b", detail: "must be escaped" },
    { name: "a fragment", input: "/a#b", detail: "must be escaped" },
    { name: "a lone surrogate", input: "/\ud800", detail: "must be escaped" },
    { name: "no leading slash", input: "orders", detail: "does not start with a slash" },
    { name: "no leading slash, but one at the end", input: "orders/", detail: "does not start with a slash" },
    { name: "nothing at all", input: "", detail: "does not start with a slash" },
    { name: "the asterisk form", input: "*", detail: "does not start with a slash" },
  ])("$name", ({ input, detail }) => {
    expect(canonicalPath(input)).toEqual(
      failure({ reason: "path-ambiguous", detail: expect.stringContaining(detail) }),
    );
  });
});

describe("an encoded slash that the caller takes", () => {
  test.each([
    { name: "stays escaped inside a segment", input: "/a%2Fb", expected: "/a%2Fb" },
    { name: "is written in upper case", input: "/@scope%2fname/x", expected: "/@scope%2Fname/x" },
    { name: "may stand several times", input: "/a%2Fb%2Fc", expected: "/a%2Fb%2Fc" },
    { name: "may stand before path parameters", input: "/a%2Fb;v=1", expected: "/a%2Fb;v=1" },
    { name: "may stand before a trailing slash", input: "/a%2Fb/", expected: "/a%2Fb/" },
    { name: "may stand beside text that begins with dots", input: "/..a%2F...%2F.b", expected: "/..a%2F...%2F.b" },
  ])("$name", ({ input, expected }) => {
    expect(canonicalPath(input, true)).toEqual(success(expected));
    expect(hasEncodedSlash(expected)).toBe(true);
    expect(canonicalPath(input)).toMatchObject(failure({ reason: "path-ambiguous" }));
  });

  test.each([
    { name: "at the beginning of a segment", input: "/%2Fa", detail: "empty segment" },
    { name: "at the beginning of a later segment", input: "/a/%2fb", detail: "empty segment" },
    { name: "at the end of a segment", input: "/a%2F/b", detail: "empty segment" },
    { name: "at the end of the path", input: "/a%2F", detail: "at its end" },
    { name: "at the end, before a trailing slash", input: "/a%2F/", detail: "empty segment" },
    { name: "as a whole segment", input: "/%2F", detail: "at its end" },
    { name: "as a whole segment in the middle", input: "/a/%2F/b", detail: "empty segment" },
    { name: "doubled", input: "/a%2F%2Fb", detail: "empty segment" },
    { name: "after a dot", input: "/.%2Fa", detail: "dot segment" },
    { name: "after two dots", input: "/..%2Fa", detail: "dot segment" },
    { name: "before a dot", input: "/a%2F.", detail: "dot segment" },
    { name: "before two dots", input: "/a%2F..", detail: "dot segment" },
    { name: "around two dots", input: "/a%2F..%2Fb", detail: "dot segment" },
    { name: "around encoded dots", input: "/a%2f%2e%2E%2fb", detail: "dot segment" },
    { name: "before dots that end a segment", input: "/a%2F../b", detail: "dot segment" },
    { name: "after dots that begin a segment", input: "/a/..%2Fb", detail: "dot segment" },
    { name: "before dots with path parameters", input: "/a%2F..;x", detail: "dot segment" },
    { name: "before path parameters", input: "/a%2F;x", detail: "empty segment" },
    { name: "before encoded path parameters", input: "/a%2F%3Bx", detail: "empty segment" },
    { name: "in path parameters", input: "/a;x%2Fb", detail: "path parameters" },
    { name: "in encoded path parameters", input: "/a%3Bx=1%2F2/b", detail: "path parameters" },
    { name: "in path parameters, before dots", input: "/a;x%2F..%2Fb", detail: "path parameters" },
    { name: "encoded twice", input: "/a%252Fb", detail: "encoded twice" },
    { name: "beside an encoded backslash", input: "/a%2Fb%5Cc", detail: "encoded separator" },
    { name: "beside an encoded NUL", input: "/a%2Fb%00", detail: "encoded separator or control" },
    { name: "in a path that starts with no slash", input: "a%2Fb", detail: "does not start with a slash" },
  ])("is refused $name", ({ input, detail }) => {
    for (const path of [input, input.replaceAll("%2F", "%2f")]) {
      expect(canonicalPath(path, true)).toEqual(
        failure({ reason: "path-ambiguous", detail: expect.stringContaining(detail) }),
      );
      expect(canonicalPath(path)).toMatchObject(failure({ reason: "path-ambiguous" }));
    }
  });

  test("changes no other path", () => {
    fc.assert(
      fc.property(anyPath, (path) => {
        const strict = canonicalPath(path);
        const kept = canonicalPath(path, true);
        if (strict.ok) expect(kept).toEqual(strict);
        if (kept.ok && !strict.ok) expect(hasEncodedSlash(kept.value)).toBe(true);
        if (kept.ok) expect(canonicalPath(kept.value, true)).toEqual(kept);
      }),
      { numRuns: 2_000 },
    );
  });

  test("leads to no empty and no dot segment once it is decoded", () => {
    let found = 0;
    fc.assert(
      fc.property(anyPath, (path) => {
        const kept = canonicalPath(path, true);
        if (!kept.ok || !hasEncodedSlash(kept.value)) return;
        found += 1;
        const pieces = kept.value
          .replace(/\/$/, "")
          .split(/\/|%2F/)
          .slice(1);
        for (const piece of pieces) expect(decodeURIComponent(piece).replace(/;.*$/s, "")).not.toMatch(/^\.{0,2}$/);
      }),
      { numRuns: 3_000 },
    );
    expect(found).toBeGreaterThan(20);
  });
});

describe("the limit of a path's length", () => {
  const longest = `/${"a".repeat(MAX_PATH_BYTES - 1)}`;
  test("takes a path of just that length", () => {
    expect(canonicalPath(longest)).toEqual(success(longest));
  });
  test("refuses a path one byte longer", () => {
    expect(canonicalPath(`${longest}a`)).toEqual(
      failure({ reason: "path-too-long", detail: `The path is longer than ${MAX_PATH_BYTES} bytes.` }),
    );
  });
  test("counts the canonical form, not the escapes that are decoded", () => {
    expect(canonicalPath(`/${"%61".repeat(MAX_PATH_BYTES - 1)}`)).toEqual(success(longest));
  });
  test("refuses a path that could not become short enough without looking at it", () => {
    expect(canonicalPath("%".repeat(3 * MAX_PATH_BYTES + 1))).toMatchObject(failure({ reason: "path-too-long" }));
  });
});

test.each([
  { name: "a raw semicolon is a path parameter", input: "/a;b", expected: true },
  { name: "an encoded semicolon is a path parameter", input: "/a%3Bb", expected: true },
  { name: "a comma is not", input: "/a,b", expected: false },
])("$name", ({ input, expected }) => {
  expect(hasPathParameters(input)).toBe(expected);
});

/** Strings made of what matters to canonicalization. */
const anyPath = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        "/",
        ".",
        "..",
        "%",
        "%25",
        "%2e",
        "%2F",
        "%5c",
        ";",
        "%3b",
        "%C3",
        "%a9",
        "%41",
        "4",
        "1",
        "a",
        "é",
      ),
      fc.string({ maxLength: 3 }),
    ),
    { maxLength: 12 },
  )
  .map((parts) => `/${parts.join("")}`);

test("canonicalization is idempotent and never throws", () => {
  fc.assert(
    fc.property(anyPath, (path) => {
      const canonical = canonicalPath(path);
      if (canonical.ok) expect(canonicalPath(canonical.value)).toEqual(canonical);
      else expect(canonical.failure.reason).toBe("path-ambiguous");
    }),
    { numRuns: 2_000 },
  );
});

test("a canonical path means the same to a URL parser, and decodes to no dot or empty segment", () => {
  fc.assert(
    fc.property(anyPath, (path) => {
      const result = canonicalPath(new URL(`http://gateway.example${path}`).pathname);
      if (!result.ok) return;
      const canonical = result.value;
      expect(new URL(`http://gateway.example${canonical}`).pathname).toBe(canonical);
      for (const segment of decodeURIComponent(canonical).slice(1).split("/").slice(0, -1)) {
        expect(segment.replace(/;.*$/s, "")).not.toMatch(/^\.{0,2}$/);
      }
    }),
    { numRuns: 2_000 },
  );
});
