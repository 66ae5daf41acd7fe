import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MAX_PATH_BYTES } from "../../../src/limits.ts";
import { canonicalPath, hasPathParameters } from "../../../src/policy/routing/canonical-path.ts";
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
